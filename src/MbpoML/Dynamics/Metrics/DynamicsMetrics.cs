namespace MbpoML.Dynamics.Metrics;

/// <summary>The one-step error and calibration of a probabilistic ensemble on given transitions.</summary>
/// <param name="RowCount">The number of transitions.</param>
/// <param name="Mixture">Of the elites together, whose mixture is taken as a normal distribution of its mean and standard deviation: what the transformer's
/// columns say.</param>
/// <param name="Members">Of each member, elite or not, by its index.</param>
public sealed record DynamicsMetrics(long RowCount, PredictionMetrics Mixture, IReadOnlyList<PredictionMetrics> Members);
