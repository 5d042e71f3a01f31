using System.Numerics.Tensors;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>The losses of the methods without a model, and their derivatives, on plain numbers. All are means over a minibatch.</summary>
internal static class OfflineLosses
{
    /// <summary>Behaviour cloning: mean over rows and dimensions of (a - a_D)², weighted by row.</summary>
    /// <param name="actions">The actions of the policy: [batch, action].</param>
    /// <param name="logged">[batch, action]</param>
    /// <param name="weights">[batch]; empty: 1 each.</param>
    /// <param name="delta">Receives the derivative by the policy's actions, [batch, action].</param>
    /// <returns>The loss.</returns>
    public static double Clone(ReadOnlySpan<float> actions, ReadOnlySpan<float> logged, ReadOnlySpan<float> weights, Span<float> delta)
    {
        TensorPrimitives.Subtract(actions, logged, delta);
        var size = weights.IsEmpty ? 1 : actions.Length / weights.Length;
        var loss = 0.0;
        for (var index = 0; index < delta.Length; index++)
        {
            var weight = weights.IsEmpty ? 1 : weights[index / size];
            loss += weight * delta[index] * delta[index];
            delta[index] *= 2 * weight / delta.Length;
        }

        return loss / delta.Length;
    }

    /// <summary>A critic: mean (Q - y)².</summary>
    /// <param name="values">[batch]</param>
    /// <param name="targets">[batch]</param>
    /// <param name="delta">Receives the derivative by the values, [batch].</param>
    /// <returns>The loss.</returns>
    public static double Squared(ReadOnlySpan<float> values, ReadOnlySpan<float> targets, Span<float> delta)
    {
        TensorPrimitives.Subtract(values, targets, delta);
        var loss = TensorPrimitives.SumOfSquares<float>(delta) / delta.Length;
        TensorPrimitives.Multiply(delta, 2f / delta.Length, delta);
        return loss;
    }

    /// <summary>
    /// The expectile of IQL (arXiv:2110.06169, equation 5): mean |τ - 1(u &lt; 0)| u² with u = Q - V.
    /// </summary>
    /// <param name="critic">Q, [batch]</param>
    /// <param name="values">V, [batch]</param>
    /// <param name="expectile">τ</param>
    /// <param name="delta">Receives the derivative by V, [batch].</param>
    /// <returns>The loss.</returns>
    public static double Expectile(ReadOnlySpan<float> critic, ReadOnlySpan<float> values, double expectile, Span<float> delta)
    {
        var loss = 0.0;
        for (var index = 0; index < delta.Length; index++)
        {
            var difference = critic[index] - values[index];
            var weight = difference < 0 ? 1 - expectile : expectile;
            loss += weight * difference * difference;
            delta[index] = (float)(-2 * weight * difference / delta.Length);
        }

        return loss / delta.Length;
    }

    /// <summary>How much IQL copies each logged action (arXiv:2110.06169, equation 7): min(exp(β (Q - V)), most).</summary>
    /// <param name="critic">Q, [batch]</param>
    /// <param name="values">V, [batch]</param>
    /// <param name="temperature">β</param>
    /// <param name="most">The largest weight.</param>
    /// <param name="weights">Receives them, [batch].</param>
    public static void AdvantageWeights(ReadOnlySpan<float> critic, ReadOnlySpan<float> values, double temperature, double most, Span<float> weights)
    {
        for (var index = 0; index < weights.Length; index++)
            weights[index] = (float)Math.Min(most, Math.Exp(temperature * (critic[index] - values[index])));
    }

    /// <summary>λ of TD3+BC (arXiv:2106.06860, equation 5): α over the mean of |Q|, a constant of the update.</summary>
    /// <param name="values">Q at the policy's actions, [batch]</param>
    /// <param name="alpha">α</param>
    public static double Lambda(ReadOnlySpan<float> values, double alpha) =>
        // Critics that say 0 everywhere must not make it infinite.
        alpha / Math.Max(TensorPrimitives.SumOfMagnitudes(values) / values.Length, 1e-6f);
}
