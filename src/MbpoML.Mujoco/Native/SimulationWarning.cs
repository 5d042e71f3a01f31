namespace MbpoML.Mujoco.Native;

/// <summary>
/// What MuJoCo counts as gone wrong in a simulation, in the order of its mjtWarning. See <see cref="MujocoLibrary.Index"/> for one that only older releases
/// have.
/// </summary>
internal enum SimulationWarning
{
    SingularInertia,
    TooManyContacts,
    TooManyConstraints,
    BadPosition,
    BadVelocity,
    BadAcceleration,
    BadControl,
}
