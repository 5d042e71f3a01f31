using MbpoML.Catalog;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Extensions.Tests;

/// <summary>
/// Twin delayed deep deterministic policy gradient (S. Fujimoto et al., arXiv:1802.09477): a policy learner of another kind, by one who sees MbpoML from
/// outside.
/// </summary>
internal sealed class Td3Learner : IMinibatchLearner, ISaved
{
    private const double Discount = 0.95, Smoothing = 0.01, TargetNoise = 0.2, NoiseClip = 0.5, ExplorationNoise = 0.2, LearningRate = 2e-3;
    private const int Delay = 2, Hidden = 64;

    private readonly PolicyCatalog _policies;
    private readonly TransitionLayout _layout;
    private readonly Mlp _actor, _actorTarget;
    private readonly Mlp[] _critics, _criticTargets;
    private readonly Generator _noise;
    private readonly Tensor _center, _half;
    private long _updates;
    private (double Loss, long Count) _measured;

    public Td3Learner(PolicyCatalog policies, TransitionLayout layout, BoxSpace actionSpace, int seed)
    {
        (_policies, _layout, ActionSpace) = (policies, layout, actionSpace);
        using var weights = new Generator((ulong)seed);
        int[] actor = [layout.ObservationSize, Hidden, Hidden, layout.ActionSize], critic = [layout.ObservationSize + layout.ActionSize, Hidden, Hidden, 1];
        (_actor, _actorTarget) = (new Mlp(weights, LearningRate, actor), new Mlp(weights, LearningRate, actor));
        _critics = [new Mlp(weights, LearningRate, critic), new Mlp(weights, LearningRate, critic)];
        _criticTargets = [new Mlp(weights, LearningRate, critic), new Mlp(weights, LearningRate, critic)];
        _actorTarget.Follow(_actor, 1);
        for (var index = 0; index < 2; index++) _criticTargets[index].Follow(_critics[index], 1);
        _noise = new Generator((ulong)seed + 1);
        var (low, high) = (tensor(ActionSpace.Low.Select(value => (float)value).ToArray()), tensor(ActionSpace.High.Select(value => (float)value).ToArray()));
        (_center, _half) = (((low + high) / 2).DetachFromDisposeScope(), ((high - low) / 2).DetachFromDisposeScope());
    }

    public string Name => "td3";

    public int ObservationSize => _layout.ObservationSize;

    public BoxSpace ActionSpace { get; }

    public Tensor Act(Tensor observation) => InUnits(observation, noise: null);

    public Tensor Sample(Tensor observation, Generator generator) =>
        InUnits(observation, randn(observation.size(0), _layout.ActionSize, generator: generator) * ExplorationNoise);

    public void Update(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var (state, next) = (_layout.Observation(rows), _layout.NextObservation(rows));
        var action = (_layout.Action(rows) - _center) / _half;
        Tensor target;
        using (no_grad())
        {
            var noise = (randn(action.shape, generator: _noise) * TargetNoise).clamp(-NoiseClip, NoiseClip);
            var nextAction = (_actorTarget.Forward(next).tanh() + noise).clamp(-1, 1);
            var value = minimum(Value(_criticTargets[0], next, nextAction), Value(_criticTargets[1], next, nextAction));
            target = _layout.Reward(rows) + (Discount * (1 - _layout.Terminated(rows)) * value);
        }

        foreach (var critic in _critics)
        {
            var loss = (Value(critic, state, action) - target).pow(2).mean();
            critic.Step(loss);
            _measured = (_measured.Loss + loss.item<float>(), _measured.Count + 1);
        }

        if (++_updates % Delay != 0) return;
        _actor.Step(-Value(_critics[0], state, _actor.Forward(state).tanh()).mean());
        _actorTarget.Follow(_actor, Smoothing);
        for (var index = 0; index < 2; index++) _criticTargets[index].Follow(_critics[index], Smoothing);
    }

    public IReadOnlyDictionary<string, double> TakeMetrics()
    {
        var metrics = _measured.Count == 0 ? [] : new Dictionary<string, double> { ["policy/td3-loss"] = _measured.Loss / _measured.Count };
        _measured = default;
        return metrics;
    }

    public PolicyTransformer ToTransformer()
    {
        float[][] values = [.. _actor.Values.Select(value => value.data<float>().ToArray())];
        return _policies.FromNetwork(ActorParameters.Deterministic(
            ObservationSize, ActionSpace, [.. values.Where((_, index) => index % 2 == 0)], [.. values.Where((_, index) => index % 2 == 1)]));
    }

    public void Save(IStateWriter to)
    {
        foreach (var (name, network) in Networks()) network.Save(to.Under(name));
        using var noise = _noise.get_state();
        to.Add("noise", noise);
        to.Add("updates", _updates, _measured.Count);
        to.Add("loss", [_measured.Loss]);
    }

    public void Restore(IStateReader from)
    {
        foreach (var (name, network) in Networks()) network.Restore(from.Under(name));
        using var noise = from.Tensor("noise");
        _noise.set_state(noise);
        if (from.Integers("updates") is not [var updates, var count] || from.Doubles("loss") is not [var loss])
            throw from.Damaged("the counters of TD3 make no sense");
        (_updates, _measured) = (updates, (loss, count));
    }

    public void Dispose()
    {
        foreach (var (_, network) in Networks()) network.Dispose();
        foreach (var disposable in (IDisposable[])[_noise, _center, _half]) disposable.Dispose();
    }

    private IEnumerable<(string Name, Mlp Network)> Networks() =>
    [
        ("actor", _actor), ("actor-target", _actorTarget), ("critic-1", _critics[0]), ("critic-2", _critics[1]), ("critic-target-1", _criticTargets[0]),
        ("critic-target-2", _criticTargets[1]),
    ];

    private Tensor InUnits(Tensor observation, Tensor? noise)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var action = _actor.Forward(observation).tanh();
        if (noise is not null) action = (action + noise).clamp(-1, 1);
        return (_center + (_half * action)).MoveToOuterDisposeScope();
    }

    private static Tensor Value(Mlp critic, Tensor state, Tensor action) => critic.Forward(cat([state, action], 1)).squeeze(1);
}
