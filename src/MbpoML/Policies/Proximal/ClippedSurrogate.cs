using MbpoML.Numerics.Kernels;
using MbpoML.Policies.OnPolicy;
using static TorchSharp.torch;

namespace MbpoML.Policies.Proximal;

/// <summary>
/// The loss of proximal policy optimization (J. Schulman et al., arXiv:1707.06347, equations 7 and 9): L = -mean min(r A, clip(r, 1 - ε, 1 + ε) A) - c H.
/// r is the ratio of new and old probability, and H the entropy of the Gaussian.
/// </summary>
internal static class ClippedSurrogate
{
    /// <summary>The gradient of the loss by all parameters, formed by hand.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="parameters">[parameters]</param>
    /// <param name="observations">[rows, n], scaled</param>
    /// <param name="actions">[rows, m], before the tanh</param>
    /// <param name="advantages">A, [rows]</param>
    /// <param name="oldLogProbability">log π of the actions before the update, [rows]</param>
    /// <param name="clip">ε</param>
    /// <param name="entropyCoefficient">c</param>
    /// <returns>[parameters], and which rows are clipped, bool [rows]; left to the caller's dispose scope.</returns>
    public static (Tensor Gradient, Tensor IsClipped) Differentiate(
        GaussianPolicy policy, Tensor parameters, Tensor observations, Tensor actions, Tensor advantages, Tensor oldLogProbability, double clip,
        double entropyCoefficient)
    {
        var values = policy.Mean.Forward(parameters, observations);
        var log = GaussianPolicy.LogProbability(values[^1], policy.LogDeviation(parameters), actions);
        var ratio = log.sub(oldLogProbability).exp();
        // The derivative by log π of the smaller one is r A where that is the first, else nothing.
        var isClipped = ratio.Above(1 + clip).logical_and(advantages.Above(0)).logical_or(ratio.Below(1 - clip).logical_and(advantages.Below(0)));
        var weights = ratio.mul(advantages).Filled(isClipped, 0).Over(-observations.size(0));
        var gradient = policy.Gradient(parameters, values, actions, weights);
        // The entropy is Σ log σ and a constant.
        if (entropyCoefficient > 0) policy.LogDeviation(gradient).AddInPlace(-entropyCoefficient);
        return (gradient, isClipped);
    }
}
