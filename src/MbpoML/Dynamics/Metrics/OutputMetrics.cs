namespace MbpoML.Dynamics.Metrics;

/// <summary>How well one predicted value (the reward, or one dimension of the next observation) agrees with what happened.</summary>
/// <param name="MeanSquaredError">Mean of (predicted - true)^2, in the value's squared unit.</param>
/// <param name="NegativeLogLikelihood">Mean of the Gaussian -log p(true) in nats: log(2 pi sigma^2) / 2 + (true - mu)^2 / (2 sigma^2). Lower is better.</param>
/// <param name="Coverage50">The share of true values inside the central 50 % interval of the prediction, mu +- 0.674 sigma; 0.5 when well calibrated.</param>
/// <param name="Coverage90">The share inside the central 90 % interval, mu +- 1.645 sigma.</param>
/// <param name="Coverage95">The share inside the central 95 % interval, mu +- 1.960 sigma.</param>
public sealed record OutputMetrics(double MeanSquaredError, double NegativeLogLikelihood, double Coverage50, double Coverage90, double Coverage95);
