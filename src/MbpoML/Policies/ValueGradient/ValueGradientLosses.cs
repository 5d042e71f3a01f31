using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <summary>
/// The losses of the value gradient with entropy, over imagined steps t = 0..H (A. Kubo, P. Parmas and S. Ishii, "Double horizon model-based policy
/// optimization", TMLR 2025).
/// </summary>
/// <remarks>
/// m_t is 1 until the task ends; the step that ends it still earns its reward. A row's numbers after its end count nothing, whatever they are.
/// </remarks>
internal static class ValueGradientLosses
{
    /// <summary>
    /// What the critics should say of the first state: y = Σ_{t&lt;H} γ^t m_t (r_t - [t&gt;0] α log π_t) + γ^H m_H (Q̄(s_H, a_H) - α log π_H).
    /// </summary>
    /// <param name="rewards">r_t: H times [batch]</param>
    /// <param name="logProbabilities">log π(a_t|s_t): H + 1 times [batch]</param>
    /// <param name="alive">m_t, bool: H + 1 times [batch]</param>
    /// <param name="lastValue">Q̄, what the target critics say at the end: [batch]</param>
    /// <param name="alpha">α, [1]</param>
    /// <param name="discount">γ</param>
    /// <returns>[batch]</returns>
    public static Tensor Target(
        IReadOnlyList<Tensor> rewards, IReadOnlyList<Tensor> logProbabilities, IReadOnlyList<Tensor> alive, Tensor lastValue, Tensor alpha, double discount) =>
        Expansion(rewards, logProbabilities, alive, lastValue, alpha, discount, countsFirst: false);

    /// <summary>L_Q = mean (Q_i(s_0, a_0) - y)², summed over the critics, whose gradients do not meet.</summary>
    /// <param name="value">[critics, batch]</param>
    /// <param name="target">y: [batch], constant here</param>
    public static Tensor Critic(Tensor value, Tensor target) => (value - target).Squared().mean([1]).sum();

    /// <summary>L_π = -mean [ Σ_{t&lt;H} γ^t m_t (r_t - α log π_t) + γ^H m_H (mean_i Q_i(s_H, a_H) - α log π_H) ], through the model and the
    /// policy.</summary>
    /// <param name="rewards">As in <see cref="Target"/>, differentiable.</param>
    /// <param name="logProbabilities">As in <see cref="Target"/>, differentiable.</param>
    /// <param name="alive">As in <see cref="Target"/>.</param>
    /// <param name="lastValue">Q_i at the end, differentiable: [critics, batch]</param>
    /// <param name="alpha">α, [1], constant here</param>
    /// <param name="discount">γ</param>
    public static Tensor Actor(
        IReadOnlyList<Tensor> rewards, IReadOnlyList<Tensor> logProbabilities, IReadOnlyList<Tensor> alive, Tensor lastValue, Tensor alpha, double discount) =>
        -Expansion(rewards, logProbabilities, alive, lastValue.mean([0]), alpha, discount, countsFirst: true).mean();

    /// <summary>
    /// L_π where rows that end are valued at their last step T, as all others are at H:
    /// -mean [ Σ_{t&lt;T} γ^t (r_t - α log π_t) + γ^T (mean_i Q_i(s_T, a_T) - α log π_T) ].
    /// </summary>
    /// <remarks>
    /// That the task ends has no derivative. The critics know the chance of it, and their value of the step before does have one.
    /// </remarks>
    /// <param name="rewards">As in <see cref="Target"/>, differentiable.</param>
    /// <param name="logProbabilities">As in <see cref="Target"/>, differentiable.</param>
    /// <param name="alive">As in <see cref="Target"/>.</param>
    /// <param name="endValue">Q_i of each row's last step, differentiable: [critics, batch]</param>
    /// <param name="alpha">α, [1], constant here</param>
    /// <param name="discount">γ</param>
    public static Tensor ActorToEnds(
        IReadOnlyList<Tensor> rewards, IReadOnlyList<Tensor> logProbabilities, IReadOnlyList<Tensor> alive, Tensor endValue, Tensor alpha, double discount)
    {
        var value = endValue.mean([0]);
        var rest = value - (alpha * logProbabilities[rewards.Count]);
        for (var step = rewards.Count - 1; step >= 0; step--)
            rest = where(
                alive[step + 1], (rewards[step] - (alpha * logProbabilities[step])).Plus(rest.Times(discount)), value - (alpha * logProbabilities[step]));
        return -rest.mean();
    }

    /// <summary>L_α = α (entropy - target entropy): it raises α where the policy is less random than wanted at the start states.</summary>
    /// <param name="logAlpha">log α, [1]</param>
    /// <param name="logProbability">log π(a_0|s_0): [batch], constant here</param>
    /// <param name="targetEntropy">The entropy, in nats of the action scaled to [-1, 1].</param>
    public static Tensor Temperature(Tensor logAlpha, Tensor logProbability, double targetEntropy) =>
        (logAlpha.exp() * -logProbability.mean().Plus(targetEntropy)).sum();

    // From the end to the start: what is still to come of a row that has ended is 0, also where its numbers are none.
    private static Tensor Expansion(
        IReadOnlyList<Tensor> rewards, IReadOnlyList<Tensor> logProbabilities, IReadOnlyList<Tensor> alive, Tensor lastValue, Tensor alpha, double discount,
        bool countsFirst)
    {
        var horizon = rewards.Count;
        var nothing = zeros_like(lastValue);
        var rest = lastValue;
        if (horizon > 0 || countsFirst) rest = lastValue - (alpha * logProbabilities[horizon]);
        rest = where(alive[horizon], rest, nothing);
        for (var step = horizon - 1; step >= 0; step--)
        {
            var earned = step > 0 || countsFirst ? rewards[step] - (alpha * logProbabilities[step]) : rewards[step];
            rest = where(alive[step], earned.Plus(rest.Times(discount)), nothing);
        }

        return rest;
    }
}
