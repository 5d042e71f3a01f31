namespace MbpoML.Training.Metrics;

/// <summary>What a run measured at one step.</summary>
/// <param name="Step">The number of environment steps taken so far.</param>
/// <param name="Metrics">Values by metric name; NaN where the value was not a finite number.</param>
public sealed record MetricsRecord(long Step, IReadOnlyDictionary<string, double> Metrics);
