namespace MbpoML.Imagination.Gates;

/// <summary>The metrics that rules of rollouts report, as of the last branching of an epoch; see docs/metrics.md.</summary>
public static class GateMetricNames
{
    /// <summary>κ of the Bhattacharyya gate, below which a step is certain, in nats.</summary>
    public const string Threshold = "rollout/gate-threshold";

    /// <summary>λ1 of the information cutoffs, what a step may lose: the mean over dimensions, in bits.</summary>
    public const string StepCutoff = "rollout/step-cutoff";

    /// <summary>λ2 of the information cutoffs, what a rollout may lose: the mean over dimensions, in bits.</summary>
    public const string RolloutCutoff = "rollout/rollout-cutoff";
}
