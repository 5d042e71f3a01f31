using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>The loss of an ensemble whose noise does not depend on the input, as a pure function of tensors.</summary>
/// <remarks>A. Kubo, P. Parmas and S. Ishii, "Double horizon model-based policy optimization" (TMLR 2025), official code modules/gaussian_mlp.py.</remarks>
internal static class HomoscedasticLoss
{
    /// <summary>The least log σ that the loss rewards: ln 1e-3. Below it only the errors count, which push it up again.</summary>
    public static readonly double LeastLogNoise = Math.Log(1e-3);

    /// <summary>The loss of each member: mean over the batch of w · Σ over outputs of (μ - y)² / (2 σ²) + max(log σ, ln 1e-3).</summary>
    /// <param name="mean">μ: [E, batch, outputs]</param>
    /// <param name="logNoise">log σ: [E, outputs]</param>
    /// <param name="target">y: [E, batch, outputs]</param>
    /// <param name="weights">w: [E, batch]</param>
    /// <param name="errorLimit">How many σ an error counts for the noise at most. It changes no value, only the derivative by log σ.</param>
    /// <returns>[E]; the ensemble's loss is their sum, because no parameter is shared.</returns>
    public static Tensor OfMembers(Tensor mean, Tensor logNoise, Tensor target, Tensor weights, double? errorLimit = null)
    {
        var log = logNoise.unsqueeze(1);
        var ofErrors = ((mean - target).Squared() * log.Times(-2).exp()).Times(0.5);
        if (errorLimit is { } limit) ofErrors = Limited(ofErrors, (mean - target).Squared(), log, 0.5 * limit * limit);
        return (weights * ofErrors.Plus(log.NotBelow(LeastLogNoise)).sum(-1)).mean([1L]);
    }

    // Beyond the limit the derivative by log σ stays what it is there: minus twice the largest value.
    private static Tensor Limited(Tensor ofErrors, Tensor squares, Tensor log, double most)
    {
        var (level, value) = (log.detach(), ofErrors.detach());
        var beyond = (squares * level.Times(-2).exp()).Times(0.5) - (log - level).Times(2 * most);
        return where(value.NotBelow(most) == value, beyond, ofErrors);
    }
}
