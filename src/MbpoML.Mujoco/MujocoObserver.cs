namespace MbpoML.Mujoco;

/// <summary>Writes what is observed of a simulation.</summary>
/// <param name="state">The simulation after a reset or a control step.</param>
/// <param name="observation">Receives the observation, [observation]; every element has to be written.</param>
public delegate void MujocoObserver(MujocoState state, Span<double> observation);
