namespace MbpoML.Mujoco;

/// <summary>Reads one coordinate of a simulation, such as how far a body has come.</summary>
/// <param name="state">The simulation that is measured, after a reset or a step of physics.</param>
public delegate double MujocoMeasure(MujocoState state);
