namespace MbpoML.Policies.Proximal;

/// <summary>How the clipped surrogate is climbed.</summary>
/// <param name="Clip">ε, how far a ratio may leave 1 and still gain.</param>
/// <param name="Epochs">The most passes over the rows of an update.</param>
/// <param name="BatchSize">Rows of a minibatch.</param>
/// <param name="LearningRate">The step size of Adam for policy and values.</param>
/// <param name="DivergenceBound">Passes end when the mean divergence is above it, nats; null: never.</param>
/// <param name="GradientClipping">The largest norm of a gradient; null: any.</param>
/// <param name="EntropyCoefficient">What the entropy counts in the surrogate.</param>
internal sealed record ProximalSettings(
    double Clip, int Epochs, int BatchSize, double LearningRate, double? DivergenceBound, double? GradientClipping, double EntropyCoefficient);
