using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;

namespace MbpoML.Training;

/// <summary>
/// What a run needs to know whatever its algorithm: its length, its episodes, its evaluations, and where it reports to. Resolved once from the options of a
/// trainer.
/// </summary>
internal sealed record HostSettings
{
    /// <summary>Real environment steps in all, the exploration included.</summary>
    public required int Steps { get; init; }

    /// <summary>Real steps an epoch.</summary>
    public required int EpochLength { get; init; }

    /// <summary>Steps for which each random action of the exploration is held.</summary>
    public int ExplorationActionHold { get; init; } = 1;

    /// <summary>The noise with which the policy draws its actions in the environment.</summary>
    public ExplorationNoise ExplorationNoise { get; init; }

    /// <summary>Episodes are cut there, in steps.</summary>
    public int MaxEpisodeSteps { get; init; } = 1000;

    /// <summary>Episodes of the training are cut there, in steps; null: where those of evaluations are.</summary>
    public int? TrainingEpisodeSteps { get; init; }

    /// <summary>One of so many training episodes is cut where those of evaluations are; null: none is.</summary>
    public int? WholeEpisodeInterval { get; init; }

    /// <summary>Episodes of each evaluation; 0 for none.</summary>
    public int EvaluationEpisodes { get; init; }

    /// <summary>Where evaluation runs; null: in the training environment.</summary>
    public IEnvironment? EvaluationEnvironment { get; init; }

    /// <summary>Further training environments, which make their steps beside the first one.</summary>
    public IReadOnlyList<IEnvironment> MoreEnvironments { get; init; } = [];

    /// <summary>Rollouts that are imagined after each evaluation to compare the model's promises with.</summary>
    public int ModelReturnRollouts { get; init; }

    /// <summary>Steps of those rollouts.</summary>
    public int ModelReturnSteps { get; init; } = 1;

    /// <summary>Tells which imagined transitions end the task; null where nobody knows.</summary>
    public ITerminationFunction? Termination { get; init; }

    /// <summary>The reward of imagined transitions; null where it is learned.</summary>
    public IRewardFunction? Reward { get; init; }

    /// <summary>The longest that a call of the environment may take; null for no limit.</summary>
    public TimeSpan? StepTimeout { get; init; }

    /// <summary>What becomes of an episode in which the environment fails.</summary>
    public FailedEpisodes FailedEpisodes { get; init; }

    /// <summary>So many failures in a row stop the run.</summary>
    public int MaxFailedEpisodesInARow { get; init; } = 10;

    /// <summary>Whether the environment begins its next step before the updates that follow this one.</summary>
    public bool OverlapsEnvironment { get; init; }

    /// <summary>Whether such a step runs when it is begun, on the thread that begins it.</summary>
    public bool OverlapsOnOneThread { get; init; }

    /// <summary>Threads inside an operation of torch.</summary>
    public int TorchThreads { get; init; } = 1;

    /// <summary>Stops the run.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Receives signs of life.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Receive the metrics of every epoch.</summary>
    public IReadOnlyList<IMetricsWriter> MetricsWriters { get; init; } = [];

    /// <summary>Where and when checkpoints are written; null for none.</summary>
    public Checkpointing? Checkpoints { get; init; }

    /// <summary>Measures times.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether the environment makes its steps on a thread of its own.</summary>
    public bool EnvironmentRunsBeside => (OverlapsEnvironment || MoreEnvironments.Count > 0) && !OverlapsOnOneThread;

    /// <summary>Whether the environment is called by a thread of its own rather than by the run's.</summary>
    public bool HasEnvironmentThread => StepTimeout is not null || EnvironmentRunsBeside;
}
