namespace MbpoML.Mujoco;

/// <summary>Reads one coordinate of a simulation, such as how far a body has come.</summary>
public delegate double MujocoMeasure(MujocoState state);
