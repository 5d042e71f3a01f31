namespace MbpoML.Dynamics.Metrics;

/// <summary>The one-step error and calibration of a probabilistic ensemble on given transitions.</summary>
/// <param name="RowCount">The number of transitions measured on.</param>
/// <param name="Mixture">The metrics of the elites together. Their mixture is taken as a normal distribution of its mean and standard deviation, which is what
/// the transformer's columns say.</param>
/// <param name="Members">The metrics of each member, elite or not, by its index.</param>
public sealed record DynamicsMetrics(long RowCount, PredictionMetrics Mixture, IReadOnlyList<PredictionMetrics> Members);
