using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Policies.SoftActorCritic;

/// <content>The scales of observations and rewards, which the first minibatches decide.</content>
internal sealed partial class SacLearner
{
    // Given rows count more than the first minibatch: that may be imagined, with rewards that a rule has lowered.
    private bool _hasScales;

    /// <inheritdoc/>
    public void FitScales(Tensor rows)
    {
        _hasScales = true;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (_settings.StandardizeObservations) State.Observations.FitTo(_settings.Layout.Observation(rows));
        if (_settings.NormalizeRewards) FitRewardScale(rows);
    }

    // The critics begin at the value of the mean reward until the task ends: from zero, target networks would take some 1 / (τ (1 - γ)) updates to get there.
    private void FitRewardScale(Tensor rows)
    {
        var reward = _settings.Layout.Reward(rows).to(ScalarType.Float64);
        var size = Math.Sqrt(reward.Squared().mean().item<double>());
        if (size == 0) return;
        State.RewardScale = _settings.RewardScale / size;
        var continues = 1 - _settings.Layout.Terminated(rows).to(ScalarType.Float64).mean().item<double>();
        var value = State.RewardScale * reward.mean().item<double>() / Math.Max(1 - (_settings.Discount * continues), LeastEnding);
        var bias = _settings.Critic.BiasOffset(_settings.Critic.Layers - 1);
        State.Critics.narrow(1, bias, 1).FillInPlace(value);
        State.Targets.narrow(1, bias, 1).FillInPlace(value);
    }

    // A copy of the minibatch in which both observations are standardised, into memory that is used again.
    private Tensor Standardized(Tensor rows)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var layout = _settings.Layout;
        if (_standardized is null || _standardized.size(0) != rows.size(0))
        {
            _standardized?.Dispose();
            _standardized = empty_like(rows).DetachFromDisposeScope();
        }

        _standardized.copy_(rows);
        layout.Observation(_standardized).sub_(State.Observations.Mean).div_(State.Observations.Deviation);
        layout.NextObservation(_standardized).sub_(State.Observations.Mean).div_(State.Observations.Deviation);
        return _standardized;
    }

    // x·W + b with x = (o - mean) / deviation is o·W' + b' with the first layer's W' = W / deviation and b' = b - mean·W'.
    private void FoldObservationScales(float[] actor)
    {
        using var scope = NewDisposeScope();
        var (mean, deviation) = (State.Observations.Mean.cpu().data<float>().ToArray(), State.Observations.Deviation.cpu().data<float>().ToArray());
        var (units, weights, biases) = (_settings.Actor.Out(0), _settings.Actor.WeightOffset(0), _settings.Actor.BiasOffset(0));
        for (var input = 0; input < ObservationSize; input++)
        {
            for (var unit = 0; unit < units; unit++)
            {
                var weight = weights + (input * units) + unit;
                actor[weight] /= deviation[input];
                actor[biases + unit] -= mean[input] * actor[weight];
            }
        }
    }
}
