using MbpoML.Acting;
using MbpoML.Catalog;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;

namespace MbpoML.Extensions.Tests;

/// <summary>An algorithm of another kind: tries another gain of a linear controller for an episode, and keeps it if the episode earned more.</summary>
internal sealed class HillClimbing : IAlgorithm
{
    private readonly PolicyCatalog _policies;
    private readonly AlgorithmSetup _setup;
    private readonly RandomSource _random;
    private PolicyTransformer _policy;
    private double _gain, _best, _bestReturn = double.NegativeInfinity;

    public HillClimbing(PolicyCatalog policies, AlgorithmSetup setup)
    {
        (_policies, _setup, _random) = (policies, setup, new RandomSource(setup.Seed));
        _policy = WithGain(0);
    }

    public string Name => "hill-climbing";

    public IPolicy Policy => new Current(this);

    public void Step(RunContext run)
    {
        run.Act();
        run.Update(run.Step % Rail.EpisodeLength == 0 ? 1 : 0, _ => Try(run));
    }

    public PolicyTransformer ToTransformer() => WithGain(_best);

    public IReadOnlyDictionary<string, double> TakeMetrics() => new Dictionary<string, double> { ["policy/gain"] = _best };

    public void Save(IStateWriter to)
    {
        to.Add("gains", [_gain, _best, _bestReturn]);
        to.Add("random", [.. _random.State.Select(word => unchecked((long)word))]);
    }

    public void Restore(IStateReader from)
    {
        if (from.Doubles("gains") is not [var gain, var best, var bestReturn]) throw from.Damaged("the gains make no sense");
        (_gain, _best, _bestReturn) = (gain, best, bestReturn);
        _random.State = [.. from.Integers("random").Select(word => unchecked((ulong)word))];
        Use(_gain);
    }

    public void Dispose() => _policy.Dispose();

    private void Try(RunContext run)
    {
        using var rows = run.Transitions.ToRows();
        using var rewards = run.Transitions.Layout.Reward(rows);
        using var last = rewards.narrow(0, rewards.size(0) - Rail.EpisodeLength, Rail.EpisodeLength).sum();
        if (last.item<float>() is var earned && earned > _bestReturn) (_best, _bestReturn) = (_gain, earned);
        _gain = _best + _random.NextNormal();
        Use(_gain);
    }

    private void Use(double gain)
    {
        _policy.Dispose();
        _policy = WithGain(gain);
    }

    private PolicyTransformer WithGain(double gain) => _policies.FromNetwork(ActorParameters.Deterministic(1, _setup.ActionSpace, [[(float)gain]], [[0f]]));

    private sealed class Current(HillClimbing owner) : IPolicy
    {
        public int ObservationSize => 1;

        public MbpoML.Environments.BoxSpace ActionSpace => owner._setup.ActionSpace;

        public TorchSharp.torch.Tensor Act(TorchSharp.torch.Tensor observation) => owner._policy.Act(observation);

        public TorchSharp.torch.Tensor Sample(TorchSharp.torch.Tensor observation, TorchSharp.torch.Generator generator) => owner._policy.Act(observation);
    }
}
