namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>One way to estimate what a policy is worth, with the same for the clone of the log, and what the log itself gave.</summary>
/// <param name="Name">The name of the way of estimating, as reports print it.</param>
/// <param name="Policy">What each estimator says of the policy: a seed of fitted Q evaluation, or a member of the model.</param>
/// <param name="Cloned">What the same estimators say of the clone, in the same order.</param>
/// <param name="Log">What the log gave from the same starts.</param>
/// <param name="Gain">By how much the policy is better than the better one of log and clone.</param>
/// <param name="HalfWidth">Half of the 95 % interval of the gain: spread of the estimators, of the starts, and what the way is wrong by on the log.</param>
public sealed record ComparedEstimate(
    string Name, IReadOnlyList<double> Policy, IReadOnlyList<double> Cloned, double Log, double Gain, double HalfWidth)
{
    /// <summary>The mean over the estimators for the policy.</summary>
    public double PolicyMean => Policy.Average();

    /// <summary>The mean over the estimators for the clone.</summary>
    public double CloneMean => Cloned.Average();

    /// <summary>How probable it is that the gain is above 0, were the interval that of a normal distribution; from 0 to 1.</summary>
    public double Confidence => HalfWidth > 0 && double.IsFinite(Gain) ? NormalDistribution.Below(1.96 * Gain / HalfWidth) : Gain > 0 ? 1 : 0;
}
