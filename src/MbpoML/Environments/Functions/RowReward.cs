namespace MbpoML.Environments.Functions;

/// <summary>Gives the reward of one transition; all values in the environment's units.</summary>
/// <param name="observation">[observation], before the step</param>
/// <param name="action">[action]</param>
/// <param name="nextObservation">[observation], after the step</param>
public delegate float RowReward(ReadOnlySpan<float> observation, ReadOnlySpan<float> action, ReadOnlySpan<float> nextObservation);
