namespace MbpoML.Experiments.Studies;

/// <summary>What became of a run that a study asked for.</summary>
/// <param name="Status">How the run ended: finished or failed.</param>
/// <param name="Value">The mean of its evaluations in the last quarter of its steps; null where it evaluated nothing, and where it failed.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
public sealed record StudyRunResult(RunStatus Status, double? Value, string? Failure);
