using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Policies.Serving;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;

namespace MbpoML.Algorithms.Offline;

/// <summary>What every fit from logs is told, whatever its algorithm.</summary>
/// <remarks>There are no steps in an environment, so that progress, metrics and checkpoints count updates of the policy in their place.</remarks>
public abstract class OfflineOptions
{
    private protected OfflineOptions(int updates) => Updates = updates;

    /// <summary>Updates of the policy in all. Default: see the options of each algorithm.</summary>
    public int Updates { get; set; }

    /// <summary>Updates an epoch, which closes with its metrics. Default: 1000 (OfflineRL-Kit, step_per_epoch).</summary>
    public int EpochLength { get; set; } = 1000;

    /// <summary>Transitions a minibatch. Default: 256 (OfflineRL-Kit, CORL).</summary>
    public int BatchSize { get; set; } = 256;

    /// <summary>
    /// The bounds of the policy's actions. Default: null, the range that the log has in each dimension, so that no action is larger than any that was logged.
    /// </summary>
    public BoxSpace? ActionSpace { get; set; }

    /// <summary>Tells which imagined transitions end the task. Default: null, none do. Methods without a model have no use for it.</summary>
    public ITerminationFunction? Termination { get; set; }

    /// <summary>
    /// The reward where it is known: it replaces every logged reward, so that one log serves several goals, and imagined steps earn it. Default: null, the
    /// rewards of the log.
    /// </summary>
    public IRewardFunction? Reward { get; set; }

    /// <summary>
    /// Which numbers of an observation come from outside, counted from 0: set points, weather, demand. The model is not asked about them, and imagined steps
    /// keep them. Default: none. Methods without a model have no use for it.
    /// </summary>
    public IReadOnlyList<int> SetPoints { get; set; } = [];

    /// <summary>The names of the log's columns. Default: the standard names.</summary>
    public TransitionColumns Columns { get; set; } = TransitionColumns.Default;

    /// <summary>The seed of all random numbers: equal seeds and equal logs give equal policies. Default: null, from the MLContext.</summary>
    [MayChangeOnResume]
    public int? Seed { get; set; }

    /// <summary>Stops the fit between two updates with a <see cref="TrainingCanceledException"/> that holds the policy so far. Default: none.</summary>
    [MayChangeOnResume]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Receives signs of life: every change of phase, every 100 updates and every closed epoch. Default: none.</summary>
    [MayChangeOnResume]
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Receive the metrics of every epoch; the trainer flushes but does not dispose them. Default: none.</summary>
    [MayChangeOnResume]
    public IReadOnlyList<IMetricsWriter> MetricsWriters { get; set; } = [];

    /// <summary>
    /// Where and when checkpoints are written. A fit that finds some in the folder goes on from the newest, as if it had never stopped. Its EverySteps counts
    /// updates. Default: null, none.
    /// </summary>
    [MayChangeOnResume]
    public Checkpointing? Checkpoints { get; set; }

    /// <summary>Measures the times that progress, metrics and log lines tell; nothing that is learned depends on it.</summary>
    internal TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>How a fitted policy reads and writes a data view.</summary>
    internal PolicyTransformer.Options Serving => new() { ObservationColumnName = Columns.Observation, ActionColumnName = Columns.Action };

    internal virtual void Validate()
    {
        Check.AtLeast(1, Updates);
        Check.AtLeast(1, EpochLength);
        Check.AtLeast(1, BatchSize);
        if (ActionSpace is { } actions) _ = new ActionBounds(actions, nameof(ActionSpace));
        Offline.SetPoints.Check(SetPoints, nameof(SetPoints));
        ArgumentNullException.ThrowIfNull(Columns);
        TransitionColumns.Checked(Columns);
        Checkpoints?.Validate();
        ArgumentNullException.ThrowIfNull(MetricsWriters);
        if (MetricsWriters.Any(writer => writer is null))
            throw new ArgumentException("A metrics writer is null; leave it out instead.", nameof(MetricsWriters));
    }

    internal virtual OfflineOptions Copied()
    {
        var copy = (OfflineOptions)MemberwiseClone();
        copy.MetricsWriters = [.. MetricsWriters];
        copy.SetPoints = [.. SetPoints];
        copy.Checkpoints = Checkpoints?.Copy();
        return copy;
    }
}
