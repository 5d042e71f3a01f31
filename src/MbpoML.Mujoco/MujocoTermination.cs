namespace MbpoML.Mujoco;

/// <summary>Tells whether the task is over where this is observed. Asked for real and for imagined observations alike, which are float32 both.</summary>
/// <param name="observation">The observation after a step, [observation].</param>
public delegate bool MujocoTermination(ReadOnlySpan<float> observation);
