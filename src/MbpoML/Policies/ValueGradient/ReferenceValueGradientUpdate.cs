using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Policies.SoftActorCritic;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <summary>
/// The update as its equations read, by automatic differentiation, on any device: the truth that <see cref="Fused.FusedValueGradientUpdate"/> is tested
/// against.
/// </summary>
internal sealed class ReferenceValueGradientUpdate : IValueGradientUpdate
{
    private readonly ValueGradientSettings _settings;
    private readonly ValueGradientState _state;
    private readonly ActionScaling _scaling;
    private readonly TargetCritics _targetCritics;
    private readonly Tensor _smoothing;
    private double[] _sums = new double[ValueGradientMetrics.Names.Count];

    public ReferenceValueGradientUpdate(ValueGradientSettings settings, ValueGradientState state, ActionScaling scaling)
    {
        (_settings, _state, _scaling, _targetCritics) = (settings, state, scaling, new TargetCritics(settings, state.Choosing));
        _smoothing = tensor((float)settings.TargetSmoothing, device: state.Device).DetachFromDisposeScope();
    }

    public void Update(Tensor observations, ImaginedSteps steps, bool learnsPolicy)
    {
        using var scope = NewDisposeScope();
        var alpha = _state.LogAlpha.exp();
        var actor = learnsPolicy ? Leaf(_state.Actor) : _state.Actor;
        var imagined = Imagine(actor, observations, steps);
        StepCritics(imagined, alpha, steps.CanEnd);
        if (learnsPolicy) StepPolicy(imagined, actor, alpha);
    }

    public double[] TakeSums()
    {
        var sums = _sums;
        _sums = new double[sums.Length];
        return sums;
    }

    public void SetSums(ReadOnlySpan<double> sums) => sums.CopyTo(_sums);

    public void Dispose() => _smoothing.Dispose();

    /// <summary>L_π of an actor from start states, with the critics as they stand; differentiable in the actor's parameters. Draws on.</summary>
    internal Tensor ActorLoss(Tensor actor, Tensor observations, ImaginedSteps steps)
    {
        var imagined = Imagine(actor, observations, steps);
        return ActorLoss(imagined, _state.LogAlpha.exp());
    }

    // Steps t = 0..H, of each half of the rows with streams of its own.
    private Rollout Imagine(Tensor actor, Tensor start, ImaginedSteps steps)
    {
        var rollout = new Rollout();
        var noise = cat([.. Enumerable.Range(0, 2).Select(Noise)], 1);
        var observation = start;
        var alive = ones(start.size(0), ScalarType.Bool, _state.Device);
        for (var step = 0; ; step++)
        {
            var input = _state.Observations.Apply(observation);
            var (action, logProbability) = SoftplusGaussian.Sample(_settings.Actor.Forward(actor, input.unsqueeze(0)).squeeze(0), noise[step]);
            rollout.Add(alive, cat([input, action], 1), logProbability);
            if (step == _settings.Horizon) return rollout;

            // Nothing flows back into a row that has ended, also where the model makes no numbers of it.
            var (living, from, taken) = (alive.unsqueeze(1), observation, _scaling.Unscale(action));
            (from, taken) = (where(living, from, from.detach()), where(living, taken, taken.detach()));
            var (outcome, predicted) = Step(from, taken, steps, step);
            var next = outcome.narrow(1, 1, observation.size(1));
            rollout.Rewards.Add(steps.Reward is null ? outcome.select(1, 0) : steps.EarnedReward(from, taken, next));
            if (Ended(from, taken, next, predicted, steps) is { } ended) alive = alive.logical_and(ended.logical_not());
            // A row that has ended stays where it was.
            observation = where(alive.unsqueeze(1), next, observation);
        }
    }

    private Tensor Noise(int half)
    {
        var noise = empty([_settings.Horizon + 1, _settings.HalfRows[half], _settings.Layout.ActionSize], ScalarType.Float32, _state.Device);
        _state.Noise[half].Fill(noise);
        return noise;
    }

    private (Tensor Outcome, Tensor? Terminated) Step(Tensor observation, Tensor action, ImaginedSteps steps, int step)
    {
        var (outcomes, terminated) = (new List<Tensor>(), new List<Tensor>());
        for (var (half, first) = (0, 0); half < 2; first += _settings.HalfRows[half++])
        {
            var rows = _settings.HalfRows[half];
            var imagined = steps[step, half];
            outcomes.Add(StepFunction.Apply(observation.narrow(0, first, rows), action.narrow(0, first, rows), imagined, _state.Imagining[half]));
            if (imagined.Terminated is { } ended) terminated.Add(ended.to(_state.Device));
        }

        return (cat(outcomes, 0), terminated.Count == 0 ? null : cat(terminated, 0));
    }

    private static Tensor? Ended(Tensor observation, Tensor action, Tensor next, Tensor? predicted, ImaginedSteps steps)
    {
        using var noGradient = no_grad();
        return steps.Ended(observation.detach(), action.detach(), next.detach(), predicted);
    }

    private void StepCritics(Rollout imagined, Tensor alpha, bool canEnd)
    {
        Follow(imagined, alpha, canEnd);
        var bounds = _state.Bounds;
        var target = Target(imagined, alpha);
        var critics = Leaf(_state.Critics);
        var value = Scaled(Values(critics, imagined.Inputs[0].detach(), Kept()));
        var loss = ValueGradientLosses.Critic(value, target);
        var gradient = autograd.grad([loss], [critics])[0];

        using var noGrad = no_grad();
        Decay(_state.Critics, _settings.CriticLearningRate);
        _state.CriticOptimizer.Step(gradient.view(-1));
        _state.Targets.lerp_(_state.Critics, _smoothing);
        _sums[ValueGradientMetrics.CriticLoss] += loss.item<float>() / _settings.CriticCount;
        _sums[ValueGradientMetrics.Value] += value.mean().item<float>();
        _sums[ValueGradientMetrics.Low] += bounds.Low;
        _sums[ValueGradientMetrics.High] += bounds.High;
        _sums[ValueGradientMetrics.Length] += imagined.Living.sum().item<long>() / (double)_settings.BatchSize;
        _sums[ValueGradientMetrics.CriticGradient] += Norm(gradient);
    }

    private void StepPolicy(Rollout imagined, Tensor actor, Tensor alpha)
    {
        var loss = ActorLoss(imagined, alpha);
        var gradient = autograd.grad([loss], [actor])[0];
        var first = imagined.LogProbabilities[0].detach();
        var logAlpha = Leaf(_state.LogAlpha);
        var alphaLoss = ValueGradientLosses.Temperature(logAlpha, first, _settings.TargetEntropy);
        var alphaGradient = autograd.grad([alphaLoss], [logAlpha])[0];

        using var noGrad = no_grad();
        _sums[ValueGradientMetrics.ActorLoss] += loss.item<float>();
        _sums[ValueGradientMetrics.Alpha] += alpha.item<float>();
        _sums[ValueGradientMetrics.Entropy] -= first.mean().item<float>();
        _sums[ValueGradientMetrics.AlphaLoss] += alphaLoss.item<float>();
        _sums[ValueGradientMetrics.ActorGradient] += Norm(gradient);
        Decay(_state.Actor, _settings.ActorLearningRate);
        _state.ActorOptimizer.Step(gradient.view(-1));
        _state.AlphaOptimizer.Step(alphaGradient);
        if (_state.AveragedActor is { } averaged) averaged.AddInPlace(_state.Actor - averaged, _settings.ActorAveraging!.Value);
    }

    private Tensor ActorLoss(Rollout imagined, Tensor alpha)
    {
        // Without dropout: the policy climbs the critics' mean, not a draw of it.
        var value = Scaled(Values(_state.Critics, _settings.ValuesEnds ? imagined.EndInput() : imagined.Inputs[^1], null));
        return _settings.ValuesEnds
            ? ValueGradientLosses.ActorToEnds(imagined.Rewards, imagined.LogProbabilities, imagined.Alive, value, alpha, _settings.Discount)
            : ValueGradientLosses.Actor(imagined.Rewards, imagined.LogProbabilities, imagined.Alive, value, alpha, _settings.Discount);
    }

    private void Follow(Rollout imagined, Tensor alpha, bool canEnd)
    {
        using var noGrad = no_grad();
        if (imagined.Rewards.Count == 0) return;
        var earned = stack(imagined.Rewards) - (alpha * stack(imagined.LogProbabilities.Take(_settings.Horizon)));
        _state.Bounds.Follow(earned.masked_select(imagined.Living).cpu().data<float>().ToArray(), canEnd);
    }

    private Tensor Target(Rollout imagined, Tensor alpha)
    {
        using var noGrad = no_grad();
        var (low, high) = _state.Bounds.Clip;
        var chosen = _targetCritics.Draw();
        var value = Scaled(stack([.. chosen.ToArray().Select(critic => Values(_state.Targets.narrow(0, critic, 1), imagined.Inputs[^1], null)[0])]));
        var least = value.amin([0L]).Clamped(low, high);
        return ValueGradientLosses.Target(imagined.Rewards, imagined.LogProbabilities, imagined.Alive, least, alpha, _settings.Discount);
    }

    private Tensor Scaled(Tensor output) => output.Times(_state.Bounds.Width).Plus(_state.Bounds.Center);

    // [critics, batch]
    private Tensor Values(Tensor critics, Tensor input, IReadOnlyList<Tensor>? kept) =>
        _settings.Critic.Split(critics).Forward(input.unsqueeze(0).expand(critics.size(0), -1, -1), BiasAddition.AfterProduct, kept).squeeze(2);

    // What each hidden layer's sums are multiplied with, [critics, batch, units]: each half of the rows goes through all critics in turn.
    private Tensor[]? Kept()
    {
        if (_settings.CriticDropout == 0) return null;
        var masks = _settings.Critic.Hidden.Select(layer => zeros([_settings.CriticCount, _settings.BatchSize, layer.Units], ScalarType.Float32)).ToArray();
        for (var (half, first) = (0, 0); half < 2; first += _settings.HalfRows[half++])
            for (var critic = 0; critic < _settings.CriticCount; critic++)
                for (var layer = 0; layer < masks.Length; layer++)
                {
                    var factors = new float[_settings.HalfRows[half] * _settings.Critic.Hidden[layer].Units];
                    Dropout.Mask(factors, _settings.CriticDropout, _state.Dropping[half]);
                    masks[layer][critic].narrow(0, first, _settings.HalfRows[half]).copy_(tensor(factors).view(_settings.HalfRows[half], -1));
                }
        return [.. masks.Select(mask => mask.to(_state.Device))];
    }

    private void Decay(Tensor parameters, double learningRate)
    {
        if (_settings.WeightDecay > 0) parameters.MultiplyInPlace(1 - (learningRate * _settings.WeightDecay));
    }

    private static double Norm(Tensor gradient) => gradient.Squared().sum().sqrt().item<float>();

    // The same memory as a leaf of its own graph, so that the state itself never carries one.
    private static Tensor Leaf(Tensor parameters) => parameters.detach().requires_grad_();

    /// <summary>What was imagined, by step.</summary>
    private sealed class Rollout
    {
        /// <summary>m_t, bool: H + 1 times [batch]</summary>
        public List<Tensor> Alive { get; } = [];

        /// <summary>Normalised observations and scaled actions: H + 1 times [batch, observation + action]</summary>
        public List<Tensor> Inputs { get; } = [];

        /// <summary>log π: H + 1 times [batch]</summary>
        public List<Tensor> LogProbabilities { get; } = [];

        /// <summary>r_t: H times [batch]</summary>
        public List<Tensor> Rewards { get; } = [];

        /// <summary>m_t of the steps that earn a reward: [H, batch]</summary>
        public Tensor Living => Rewards.Count == 0 ? zeros(0, ScalarType.Bool) : stack(Alive.Take(Rewards.Count));

        /// <summary>The input of each row's last step: [batch, observation + action]</summary>
        public Tensor EndInput()
        {
            var last = stack(Alive).sum([0L]).Plus(-1);
            return stack(Inputs).gather(0, last.view(1, -1, 1).expand(1, -1, Inputs[0].size(1))).squeeze(0);
        }

        public void Add(Tensor alive, Tensor input, Tensor logProbability)
        {
            Alive.Add(alive);
            Inputs.Add(input);
            LogProbabilities.Add(logProbability);
        }
    }
}
