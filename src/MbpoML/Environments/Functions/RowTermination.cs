namespace MbpoML.Environments.Functions;

/// <summary>Tells whether one transition ends the task; all values in the environment's units.</summary>
/// <param name="observation">[observation], before the step</param>
/// <param name="action">[action]</param>
/// <param name="nextObservation">[observation], after the step</param>
public delegate bool RowTermination(ReadOnlySpan<float> observation, ReadOnlySpan<float> action, ReadOnlySpan<float> nextObservation);
