using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>
/// The losses of soft actor-critic with learned entropy coefficient (Haarnoja et al. 2018, arXiv:1812.05905, equations 5, 7 and 18), as the official MBPO
/// code has them.
/// </summary>
internal static class SacLosses
{
    /// <summary>
    /// What a critic should say: c·r + γ (1 - terminated) (min Q'(s', a') - α log π(a'|s')). A truncated row counts in full: only its clock ended.
    /// </summary>
    /// <param name="reward">[batch], scaled</param>
    /// <param name="terminated">[batch], 0 or 1</param>
    /// <param name="nextValue">[2, batch]: both target critics at the next observation and an action drawn there.</param>
    /// <param name="nextLogProbability">[batch]: log π of that action.</param>
    /// <param name="alpha">α, [1]</param>
    /// <param name="discount">γ</param>
    /// <param name="least">The target is not below this, as in MOBILE with 0; null: there is no bound.</param>
    /// <returns>[batch]</returns>
    public static Tensor Target(
        Tensor reward, Tensor terminated, Tensor nextValue, Tensor nextLogProbability, Tensor alpha, double discount, double? least = null)
    {
        var target = reward.Plus(terminated.neg().Plus(1).Times(discount) * (Smaller(nextValue) - (alpha * nextLogProbability)));
        return least is { } low ? target.NotBelow(low) : target;
    }

    /// <summary>J_Q = ½ mean (Q - target)², summed over the two critics, whose gradients do not meet.</summary>
    /// <param name="value">[2, batch]</param>
    /// <param name="target">[batch]</param>
    public static Tensor Critic(Tensor value, Tensor target) => (value - target).Squared().mean([1]).sum().Times(0.5);

    /// <summary>J_π = mean (α log π(a|s) - min Q(s, a)), with a drawn from π by reparametrisation.</summary>
    /// <param name="alpha">α, [1], constant here</param>
    /// <param name="logProbability">[batch]</param>
    /// <param name="value">[2, batch]</param>
    public static Tensor Actor(Tensor alpha, Tensor logProbability, Tensor value) => ((alpha * logProbability) - Smaller(value)).mean();

    /// <summary>J_α = -mean (log α (log π(a|s) + target entropy)): it raises α where the policy is less random than wanted.</summary>
    /// <param name="logAlpha">log α, [1]</param>
    /// <param name="logProbability">[batch], constant here</param>
    /// <param name="targetEntropy">The entropy, in nats of the action scaled to [-1, 1].</param>
    public static Tensor Alpha(Tensor logAlpha, Tensor logProbability, double targetEntropy) => -(logAlpha * logProbability.Plus(targetEntropy)).mean();

    private static Tensor Smaller(Tensor twin) => twin.amin([0L]);
}
