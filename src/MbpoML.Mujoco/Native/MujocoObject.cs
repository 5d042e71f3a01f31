namespace MbpoML.Mujoco.Native;

/// <summary>The kinds of objects that are looked up by name, mjtObj; the same numbers in every release.</summary>
internal enum MujocoObject
{
    Body = 1,
    Site = 6,
}
