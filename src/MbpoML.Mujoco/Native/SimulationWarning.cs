namespace MbpoML.Mujoco.Native;

/// <summary>What MuJoCo counts as gone wrong in a simulation, mjtWarning; the same order in every release.</summary>
internal enum SimulationWarning
{
    SingularInertia,
    TooManyContacts,
    TooManyConstraints,
    TooManyVisualGeometries,
    BadPosition,
    BadVelocity,
    BadAcceleration,
    BadControl,
}
