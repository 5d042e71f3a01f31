namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>One way to estimate what a policy is worth, with the same for the clone of the log, and what the log itself gave.</summary>
/// <param name="Name">The name of the way of estimating, as reports print it.</param>
/// <param name="Policy">What each estimator says of the policy: a seed of fitted Q evaluation, or a member of the model.</param>
/// <param name="Cloned">What the same estimators say of the clone, in the same order.</param>
/// <param name="Log">What the log gave from the same starts.</param>
/// <param name="OverClone">By how much the policy is better than the clone.</param>
/// <param name="OverLog">By how much the policy is better than the log.</param>
/// <param name="CloneOverLog">By how much the clone is better than the log.</param>
public sealed record ComparedEstimate(
    string Name, IReadOnlyList<double> Policy, IReadOnlyList<double> Cloned, double Log, EstimatedGain OverClone, EstimatedGain OverLog,
    EstimatedGain CloneOverLog)
{
    /// <summary>The mean over the estimators for the policy.</summary>
    public double PolicyMean => Policy.Average();

    /// <summary>The mean over the estimators for the clone.</summary>
    public double CloneMean => Cloned.Average();

    /// <summary>By how much the policy is better than the better one of log and clone.</summary>
    public EstimatedGain Gain => OverLog.Value < OverClone.Value ? OverLog : OverClone;

    /// <summary>Whether the policy is better than the log and better than the clone, by more than the errors.</summary>
    public bool IsAbove => OverClone.IsAbove && OverLog.IsAbove;
}
