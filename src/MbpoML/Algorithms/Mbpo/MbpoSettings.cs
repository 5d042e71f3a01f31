using MbpoML.Imagination;
using MbpoML.Training.Schedules;

namespace MbpoML.Algorithms.Mbpo;

/// <summary>What MBPO needs to know beside its stages, resolved once from the options of its trainer.</summary>
internal sealed record MbpoSettings
{
    /// <summary>Real steps from one time at which rollouts are branched to the next.</summary>
    public required int ModelTrainingInterval { get; init; }

    /// <summary>At which of those times the model is refitted; null: at all.</summary>
    public IModelTrainingSchedule? ModelTrainingSchedule { get; init; }

    /// <summary>Real steps an epoch: the imagined pool holds whole epochs.</summary>
    public required int EpochLength { get; init; }

    /// <summary>G, policy updates for each real step.</summary>
    public required int UpdatesPerStep { get; init; }

    /// <summary>Transitions a minibatch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Real transitions of a minibatch; the others are imagined.</summary>
    public required int RealRows { get; init; }

    /// <summary>The real pool's capacity in transitions.</summary>
    public required int RealPoolCapacity { get; init; }

    /// <summary>Whether the run writes checkpoints, so that a fit that is stopped must leave no trace.</summary>
    public required bool IsSaved { get; init; }

    /// <summary>Stage 2.</summary>
    public required BranchedRollouts.Options Rollouts { get; init; }

    /// <summary>Imagined transitions of a minibatch.</summary>
    public int ImaginedRows => BatchSize - RealRows;
}
