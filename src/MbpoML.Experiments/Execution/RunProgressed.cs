using MbpoML.Training.Outcome;

namespace MbpoML.Experiments.Execution;

/// <summary>A sign of life of a run, within an epoch.</summary>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Progress">What the run is doing, and the steps that it has taken.</param>
public sealed record RunProgressed(string Folder, TrainingProgress Progress) : RunEvent(Folder);
