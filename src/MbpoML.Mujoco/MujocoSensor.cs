namespace MbpoML.Mujoco;

/// <summary>A sensor of a model, from its <c>&lt;sensor&gt;</c> section. Listed by <see cref="MujocoModel.Sensors"/>.</summary>
public sealed class MujocoSensor
{
    internal MujocoSensor(int number, string name, int size) => (Number, Name, Size) = (number, name, size);

    /// <summary>The number, for <see cref="MujocoState.Sensor"/>: its place in the file, from 0.</summary>
    public int Number { get; }

    /// <summary>The name, empty where the file gives it none.</summary>
    public string Name { get; }

    /// <summary>How many numbers it measures: 3 for a gyro, 4 for a quaternion, 1 for an angle.</summary>
    public int Size { get; }
}
