using MbpoML.Imagination;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>
/// Model-based value expansion (V. Feinberg et al., "Model-Based Value Expansion for Efficient Model-Free Reinforcement Learning", arXiv:1803.00101, equation
/// 1), with the soft values of SAC: the critics' target looks H imagined steps ahead before it asks the target critics.
/// </summary>
/// <remarks>
/// From a row (s, a, r, s', terminated) the policy acts in the model from s₀ = s' on: y = c r + Σ_{h=0}^{H−1} g_h (c r̂_h − α log π(a_h|s_h)) + g_H
/// (min Q'(s_H, a') − α log π(a'|s_H)), with the reward scale c, g_0 = γ (1 − terminated) and g_{h+1} = γ g_h (1 − terminated_h). That is the target
/// of an ordinary row whose reward, next observation and continuation are others, so such a row is what it makes; the update itself does not change.
/// </remarks>
internal sealed class ValueExpansion(SacSettings settings, int seed) : IDisposable
{
    private readonly Generator _generator = new((ulong)seed, CPU);
    private Tensor? _rows;

    /// <summary>c, what rewards are multiplied with.</summary>
    public double RewardScale { get; set; } = settings.RewardScale;

    /// <summary>The rows that have the expanded target.</summary>
    /// <param name="rows">[batch, width], only read.</param>
    /// <param name="updates">Updates so far: each has draws of its own, whether the run was stopped before it or not.</param>
    /// <param name="step">The model.</param>
    /// <param name="head">The actor's output at observations in environment units: [batch, 2·action].</param>
    /// <param name="scaling">Takes actions from [-1, 1] to environment units.</param>
    /// <param name="logAlpha">log α, [1]</param>
    /// <returns>[batch, width], lent until the next call. Terminated is a share of the row: 1 − g_H / γ.</returns>
    public Tensor Expand(Tensor rows, long updates, Func<Tensor, Tensor, Generator, ImaginedStep> step, Func<Tensor, Tensor> head, ActionScaling scaling,
        Tensor logAlpha)
    {
        // Nothing that comes later counts.
        if (settings.Discount == 0) return rows;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _generator.manual_seed(Seeds.Derive(seed, "value-expansion", updates));
        var (layout, discount, scale, alpha) = (settings.Layout, settings.Discount, RewardScale, logAlpha.exp());
        var state = layout.NextObservation(rows).contiguous();
        var reward = layout.Reward(rows).Times(scale);
        var weight = layout.Terminated(rows).neg().Plus(1).Times(discount);
        for (var index = 0; index < settings.ValueExpansionSteps; index++)
        {
            // Rows that are over go along as copies of one that is not: what would come after the end counts for nothing, and neither model nor reward need
            // know it.
            var alive = weight.Above(0);
            var places = alive.nonzero();
            if (places.size(0) == 0) break;
            state = state.where(alive.unsqueeze(1), state.index_select(0, places[0]));
            var noise = randn(rows.size(0), layout.ActionSize, ScalarType.Float32, generator: _generator).to(rows.device);
            var (action, logProbability) = SquashedGaussian.Sample(head(state), noise);
            var imagined = step(state, scaling.Unscale(action), _generator);
            reward = reward.Plus(weight * (imagined.Reward.Times(scale) - (alpha * logProbability)));
            weight = (weight * imagined.Terminated.logical_not().to(ScalarType.Float32)).Times(discount);
            state = imagined.NextObservation;
        }

        var expanded = Copy(rows);
        layout.Reward(expanded).copy_(reward.Over(scale));
        layout.NextObservation(expanded).copy_(state);
        layout.Terminated(expanded).copy_(weight.Over(discount).neg().Plus(1));
        return expanded;
    }

    public void Dispose()
    {
        _generator.Dispose();
        _rows?.Dispose();
    }

    // Into memory that is used again.
    private Tensor Copy(Tensor rows)
    {
        if (_rows is null || _rows.size(0) != rows.size(0))
        {
            _rows?.Dispose();
            _rows = empty_like(rows).DetachFromDisposeScope();
        }

        return _rows.copy_(rows);
    }
}
