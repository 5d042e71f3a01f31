using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>
/// The SAC update as it reads in the paper, by automatic differentiation, on any device: the truth that <see cref="Fused.FusedSacUpdate"/> is tested against.
/// </summary>
internal sealed class ReferenceSacUpdate : ISacUpdate
{
    private readonly SacSettings _settings;
    private readonly SacState _state;
    private readonly ActionScaling _scaling;
    private readonly Tensor _smoothing;
    private readonly Tensor _sums;

    public ReferenceSacUpdate(SacSettings settings, SacState state, ActionScaling scaling)
    {
        (_settings, _state, _scaling) = (settings, state, scaling);
        _smoothing = tensor((float)settings.TargetSmoothing, device: state.Device).DetachFromDisposeScope();
        _sums = zeros(SacMetrics.Names.Count, ScalarType.Float32, state.Device).DetachFromDisposeScope();
    }

    public void Update(Tensor rows, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var batch = rows.size(0);
        var observation = _settings.Layout.Observation(rows);
        var action = _scaling.Scale(_settings.Layout.Action(rows));
        var alpha = _state.LogAlpha.exp();

        // All three gradients at the weights before the update.
        var critics = Leaf(_state.Critics);
        var value = Values(critics, observation, action);
        var criticLoss = SacLosses.Critic(value, Target(rows, noise.narrow(0, 0, batch), alpha));
        var criticGradient = autograd.grad([criticLoss], [critics])[0];

        var actor = Leaf(_state.Actor);
        var (drawn, logProbability) = Draw(actor, observation, noise.narrow(0, batch, batch));
        var actorLoss = SacLosses.Actor(alpha, logProbability, Values(_state.Critics, observation, drawn));
        var actorGradient = autograd.grad([actorLoss], [actor])[0];

        var logAlpha = Leaf(_state.LogAlpha);
        var alphaLoss = SacLosses.Alpha(logAlpha, logProbability.detach(), _settings.TargetEntropy);
        var alphaGradient = autograd.grad([alphaLoss], [logAlpha])[0];

        using var noGrad = no_grad();
        if (_settings.GradientClipping is { } maxNorm)
            foreach (var gradient in (Tensor[])[criticGradient[0], criticGradient[1], actorGradient]) GradientClip.Apply(gradient, maxNorm);
        for (var critic = 0; critic < 2; critic++) _state.CriticOptimizers[critic].Step(criticGradient[critic]);
        _state.ActorOptimizer.Step(actorGradient, _state.ActorRateFactor);
        if (_settings.EntropyCoefficient is null) StepAlpha(alphaGradient);
        _state.Targets.lerp_(_state.Critics, _smoothing);

        // In the order of SacMetrics; summed on the device, so that nothing waits for it.
        _sums.AddInPlace(stack([criticLoss.Over(2), actorLoss, alpha[0], -logProbability.mean(), value.mean(), alphaLoss]));
    }

    public double[] TakeSums()
    {
        using var scope = NewDisposeScope();
        var sums = _sums.cpu().data<float>().Select(sum => (double)sum).ToArray();
        _sums.zero_();
        return sums;
    }

    public void SetSums(ReadOnlySpan<double> sums)
    {
        using var scope = NewDisposeScope();
        _sums.copy_(tensor(sums.ToArray()));
    }

    public void Dispose()
    {
        _smoothing.Dispose();
        _sums.Dispose();
    }

    // [batch]: what both critics are drawn to.
    private Tensor Target(Tensor rows, Tensor noise, Tensor alpha)
    {
        using var noGrad = no_grad();
        var layout = _settings.Layout;
        var observation = layout.NextObservation(rows);
        var (action, logProbability) = Draw(_state.Actor, observation, noise);
        var value = Values(_state.Targets, observation, action);
        return SacLosses.Target(
            layout.Reward(rows).Times(_state.RewardScale), layout.Terminated(rows), value, logProbability,
            _settings.EntropyInTarget ? alpha : zeros_like(alpha), _settings.Discount, _settings.LeastTarget);
    }

    private void StepAlpha(Tensor gradient)
    {
        _state.AlphaOptimizer.Step(gradient);
        if (_settings.MaxEntropyCoefficient is not { } most) return;
        using var scope = NewDisposeScope();
        _state.LogAlpha.copy_(_state.LogAlpha.Clamped(double.NegativeInfinity, (float)Math.Log(most)));
    }

    private (Tensor Action, Tensor LogProbability) Draw(Tensor actor, Tensor observation, Tensor noise) =>
        SquashedGaussian.Sample(_settings.Actor.Forward(actor, observation.unsqueeze(0)).squeeze(0), noise);

    // [2, batch]: both critics of a pair of networks.
    private Tensor Values(Tensor critics, Tensor observation, Tensor action)
    {
        var input = cat([observation, action], 1).unsqueeze(0);
        return _settings.Critic.Forward(critics, input.expand(2, -1, -1)).squeeze(2);
    }

    // The same memory as a leaf of its own graph, so that the state itself never carries one.
    private static Tensor Leaf(Tensor parameters) => parameters.detach().requires_grad_();
}
