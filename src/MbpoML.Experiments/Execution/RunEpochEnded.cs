using MbpoML.Training.Outcome;

namespace MbpoML.Experiments.Execution;

/// <summary>A run has closed an epoch.</summary>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Progress">Where the run is, with the metrics of the epoch.</param>
public sealed record RunEpochEnded(string Folder, TrainingProgress Progress) : RunEvent(Folder);
