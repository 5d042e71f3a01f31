using MbpoML.Training.Metrics;

namespace MbpoML.Training.Outcome;

/// <summary>A sign of life of a training run, sent through <see cref="TrainingOptions.Progress"/> at every change of phase and every few steps.</summary>
public sealed record TrainingProgress
{
    /// <summary>What the run is doing.</summary>
    public required TrainingPhase Phase { get; init; }

    /// <summary>Real environment steps so far, random ones included.</summary>
    public required int Step { get; init; }

    /// <summary>Real environment steps in all.</summary>
    public required int Steps { get; init; }

    /// <summary>The epoch, from 0, counted from the end of the random exploration.</summary>
    public required int Epoch { get; init; }

    /// <summary>Time since the run began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The return of the last finished training episode, or null before the first.</summary>
    public double? EpisodeReturn { get; init; }

    /// <summary>The mean return of the last evaluation, or null before the first.</summary>
    public double? EvaluationReturn { get; init; }

    /// <summary>The steps of the newest checkpoint that was written since the run began or went on, or null before the first.</summary>
    public int? CheckpointStep { get; init; }

    /// <summary>The metrics of an epoch, when this report closes one; else null. See docs/metrics.md for each.</summary>
    public EpochMetrics? EpochMetrics { get; init; }
}
