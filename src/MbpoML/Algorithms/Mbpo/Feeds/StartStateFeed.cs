using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Mbpo.Feeds;

/// <summary>Start states for a learner that imagines the rest by itself: the states of the branched rollouts, drawn uniformly.</summary>
internal sealed class StartStateFeed : ILearnerFeed
{
    private const string LookedState = "looked-at", Random = "random";

    private readonly IStartStateLearner _learner;
    private readonly MbpoParts _parts;
    private readonly Generator _generator;
    // The transitions of the last fit after which the learner looked at them.
    private long _looked;

    /// <param name="learner">Learns.</param>
    /// <param name="parts">The pools, and the model.</param>
    /// <param name="seed">The seed of the run.</param>
    public StartStateFeed(IStartStateLearner learner, MbpoParts parts, int seed) =>
        (_learner, _parts, _generator) = (learner, parts, new Generator((ulong)Seeds.Derive(seed, "start-states"), CPU));

    public string Name => "start-states";

    public bool UsesImagined => true;

    public bool NeedsModel => true;

    public void Update(int updatesLeft)
    {
        Look();
        using var starts = _parts.ModelPool.SampleObservations(_learner.BatchSize, _generator);
        _learner.Update(starts);
    }

    public void Save(IStateWriter to)
    {
        to.Add(LookedState, _looked);
        SavedPart.Save(to, Random, _generator);
    }

    public void Restore(IStateReader from)
    {
        _looked = from.Count(LookedState);
        SavedPart.Restore(from, Random, _generator);
    }

    public void Dispose() => _generator.Dispose();

    private void Look()
    {
        if (_looked == _parts.Model.FittedTransitions) return;
        using var rows = _parts.RealPool.ToRows();
        _learner.Look(rows);
        _looked = _parts.Model.FittedTransitions;
    }
}
