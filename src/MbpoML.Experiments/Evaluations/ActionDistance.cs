using MbpoML.Policies;

namespace MbpoML.Experiments.Evaluations;

/// <summary>
/// How far the actions of a policy lie from logged ones, in parts of the range of each action: 0 is the same action, 1 the other end of the range.
/// </summary>
/// <param name="Mean">The mean distance over rows and dimensions.</param>
/// <param name="Median">The median over rows of the largest distance of a dimension.</param>
/// <param name="Near">The part of the rows on which no dimension is further away than a tenth of its range.</param>
public sealed record ActionDistance(double Mean, double Median, double Near)
{
    private const double Tenth = 0.1;

    /// <summary>Compares the policy's most likely actions with logged ones.</summary>
    /// <param name="policy">A policy of the log's sizes, with bounded actions.</param>
    /// <param name="log">The logged transitions to compare with, at least one.</param>
    public static ActionDistance Of(PolicyTransformer policy, LogFile log)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(log);
        var (low, high) = (policy.ActionSpace.Low, policy.ActionSpace.High);
        var largest = new double[log.Rewards.Count];
        var sum = 0.0;
        for (var row = 0; row < largest.Length; row++)
        {
            var action = policy.Act(log.Observations[row]);
            for (var dimension = 0; dimension < action.Length; dimension++)
            {
                var distance = Math.Abs(action[dimension] - log.Actions[row][dimension]) / (high[dimension] - low[dimension]);
                sum += distance;
                largest[row] = Math.Max(largest[row], distance);
            }
        }

        Array.Sort(largest);
        return new ActionDistance(
            sum / (largest.Length * policy.ActionSpace.Size), Middle(largest), largest.Count(distance => distance <= Tenth) / (double)largest.Length);
    }

    private static double Middle(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
