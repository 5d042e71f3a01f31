namespace MbpoML.Algorithms.Offline;

/// <summary>The metrics of fits from logs, beside those of the stages; docs/metrics.md explains each.</summary>
public static class OfflineMetricNames
{
    /// <summary>Mean squared error of the cloned actions, in units in which the bounds are -1 and 1.</summary>
    public const string CloneLoss = "offline/clone-loss";

    /// <summary>The same on held-out episodes, at the end of the epoch.</summary>
    public const string CloneHoldoutLoss = "offline/clone-holdout-loss";

    /// <summary>The expectile loss of IQL's values.</summary>
    public const string ValueLoss = "offline/value-loss";

    /// <summary>The mean weight with which IQL copies logged actions.</summary>
    public const string AdvantageWeight = "offline/advantage-weight";

    /// <summary>The mean penalty of the last rollouts of MOPO, or of the updates of MOBILE, in units of reward.</summary>
    public const string PenaltyMean = "offline/penalty-mean";

    /// <summary>The share of the last rollouts' steps of MOReL that ended in the halt state.</summary>
    public const string HaltedFraction = "offline/halted-fraction";

    /// <summary>The disagreement beyond which a step of MOReL is unknown.</summary>
    public const string HaltThreshold = "offline/halt-threshold";
}
