using MbpoML.Imagination;

namespace MbpoML.Algorithms.DoubleHorizon;

/// <summary>What double-horizon MBPO needs to know beside its stages, resolved once from the options of its trainer.</summary>
internal sealed record DoubleHorizonSettings
{
    /// <summary>Real steps from one fit of the model to the next.</summary>
    public required int ModelTrainingInterval { get; init; }

    /// <summary>Updates for each real step.</summary>
    public required int UpdatesPerStep { get; init; }

    /// <summary>Updates of the critics alone after each fit.</summary>
    public required int CriticUpdatesPerFit { get; init; }

    /// <summary>Updates after the first fit; null: as many as there are random steps.</summary>
    public int? FirstUpdates { get; init; }

    /// <summary>Whether the updates of all steps until the next fit are made right after a fit.</summary>
    public required bool UpdatesAfterFit { get; init; }

    /// <summary>Whether policies are assessed by their training episodes.</summary>
    public bool AssessesPolicies { get; init; }

    /// <summary>Part of the steps so far from a policy that was kept to the next assessment.</summary>
    public double AssessmentSpacing { get; init; }

    /// <summary>Part of the highest return by which a policy that is kept may stay below it.</summary>
    public double AssessmentTolerance { get; init; }

    /// <summary>Whether the run writes checkpoints, so that a fit that is stopped must leave no trace.</summary>
    public required bool IsSaved { get; init; }

    /// <summary>Stage 2.</summary>
    public required DistributionRollouts.Options Rollouts { get; init; }
}
