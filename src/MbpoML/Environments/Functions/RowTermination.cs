namespace MbpoML.Environments.Functions;

/// <summary>Tells whether one transition ends the task; all values in the environment's units.</summary>
/// <param name="observation">The observation before the step, [observation].</param>
/// <param name="action">The action of the step, [action].</param>
/// <param name="nextObservation">The observation after the step, [observation].</param>
public delegate bool RowTermination(ReadOnlySpan<float> observation, ReadOnlySpan<float> action, ReadOnlySpan<float> nextObservation);
