using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Policies.OnPolicy;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Mbpo.Feeds;

/// <summary>Imagined episodes for a learner that takes such, begun at real states drawn uniformly.</summary>
internal sealed class EpisodeFeed : ILearnerFeed
{
    private readonly IEpisodeLearner _learner;
    private readonly MbpoParts _parts;
    private readonly BranchedRolloutGenerator _rollouts;
    private readonly Generator _generator;

    /// <param name="learner">Learns.</param>
    /// <param name="settings">The rule of the rollouts.</param>
    /// <param name="parts">The real states, and the imagined task.</param>
    /// <param name="seed">The seed of the run.</param>
    public EpisodeFeed(IEpisodeLearner learner, MbpoSettings settings, MbpoParts parts, int seed)
    {
        (_learner, _parts) = (learner, parts);
        _rollouts = new BranchedRolloutGenerator(parts.Branching, settings.Rollouts.Rule, parts.RealPool);
        _generator = new Generator((ulong)Seeds.Derive(seed, "episodes"), CPU);
    }

    public string Name => "imagined-episodes";

    public bool UsesImagined => false;

    public bool NeedsModel => true;

    public void Update(int updatesLeft)
    {
        using var scope = NewDisposeScope();
        var starts = _parts.RealPool.SampleObservations(Check.AtLeast(1, _learner.EpisodesPerUpdate), _generator);
        var steps = Check.AtLeast(1, _learner.EpisodeSteps);
        _learner.Update(EpisodeImagination.Imagine(_rollouts, starts, steps, _learner, _generator, _parts.RealPool.Layout));
    }

    public void Save(IStateWriter to) => SavedPart.Save(to, "random", _generator);

    public void Restore(IStateReader from) => SavedPart.Restore(from, "random", _generator);

    public void Dispose() => _generator.Dispose();
}
