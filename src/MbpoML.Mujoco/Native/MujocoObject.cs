namespace MbpoML.Mujoco.Native;

/// <summary>The kinds of objects that are looked up by name; <see cref="StructOffsets.Number"/> gives their mjtObj.</summary>
internal enum MujocoObject
{
    Body,
    Site,
    Camera,
    Sensor,
    Keyframe,
}
