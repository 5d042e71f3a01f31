using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
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
        List<Tensor> rows = [], episodes = [];
        var starts = _parts.RealPool.SampleObservations(Check.AtLeast(1, _learner.EpisodesPerUpdate), _generator);
        _rollouts.Generate(starts, Check.AtLeast(1, _learner.EpisodeSteps), _learner, _generator, (step, origins) =>
        {
            rows.Add(step.clone().DetachFromDisposeScope());
            episodes.Add(origins.clone().DetachFromDisposeScope());
        });
        var all = new ImaginedEpisodes(_parts.RealPool.Layout, cat(rows, 0), cat(episodes, 0), _learner.EpisodesPerUpdate);
        foreach (var part in rows.Concat(episodes)) part.Dispose();
        _learner.Update(all);
    }

    public void Save(IStateWriter to) => SavedPart.Save(to, "random", _generator);

    public void Restore(IStateReader from) => SavedPart.Restore(from, "random", _generator);

    public void Dispose() => _generator.Dispose();
}
