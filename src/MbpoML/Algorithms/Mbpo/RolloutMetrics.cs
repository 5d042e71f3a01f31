using MbpoML.Imagination;
using MbpoML.Training.Metrics;

namespace MbpoML.Algorithms.Mbpo;

/// <summary>What rollouts and their trust measured, by metric name.</summary>
internal static class RolloutMetrics
{
    /// <param name="trust">Measured before the rollouts.</param>
    public static Dictionary<string, double> ToMetrics(this ModelTrust trust) => new()
    {
        [MetricNames.RolloutModelError] = trust.ModelError,
        [MetricNames.RolloutPolicyShift] = trust.PolicyShift,
        [MetricNames.RolloutErrorOnData] = trust.ErrorOnData,
        [MetricNames.RolloutErrorSlope] = trust.Slope,
        [MetricNames.RolloutMaxReward] = trust.MaxReward,
    };

    /// <param name="statistics">The statistics of the rollouts.</param>
    /// <param name="length">k</param>
    /// <param name="poolCount">Imagined transitions in the pool now.</param>
    public static Dictionary<string, double> ToMetrics(this RolloutStatistics statistics, int length, long poolCount) => new()
    {
        [MetricNames.RolloutLength] = length,
        [MetricNames.RolloutMeanLength] = statistics.MeanLength,
        [MetricNames.RolloutTerminated] = (double)statistics.Terminated / Math.Max(1, statistics.Starts),
        [MetricNames.RolloutStopped] = (double)statistics.Stopped / Math.Max(1, statistics.Starts),
        [MetricNames.ModelPoolCount] = poolCount,
    };
}
