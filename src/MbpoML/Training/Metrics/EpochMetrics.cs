namespace MbpoML.Training.Metrics;

/// <summary>Everything measured in one epoch.</summary>
/// <param name="Epoch">The number of the epoch, from 0.</param>
/// <param name="Step">Real environment steps when it closed, random ones included.</param>
/// <param name="Values">The metrics by name, such as "evaluation/return-mean"; docs/metrics.md has the formula of each.</param>
public sealed record EpochMetrics(int Epoch, int Step, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>The mean return of the epoch's evaluation, or null when none was run.</summary>
    public double? EvaluationReturn => Values.TryGetValue(MetricNames.EvaluationReturnMean, out var value) ? value : null;
}
