using MbpoML.Policies;

namespace MbpoML.Algorithms.Mbpo.Feeds;

/// <summary>Chooses what a policy learner is given, by what it says that it learns from.</summary>
internal static class LearnerFeed
{
    /// <param name="learner">Learns.</param>
    /// <param name="settings">Sizes.</param>
    /// <param name="parts">The pools, and the imagined task.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <exception cref="InvalidOperationException">The learner says nothing that can be given.</exception>
    public static ILearnerFeed For(IPolicyLearner learner, MbpoSettings settings, MbpoParts parts, int seed) => learner switch
    {
        IMinibatchLearner taker => new MinibatchFeed(taker, new Minibatches(settings, parts.RealPool, parts.ModelPool, seed)),
        IEpisodeLearner taker => new EpisodeFeed(taker, settings, parts, seed),
        IStartStateLearner taker => new StartStateFeed(taker, parts, seed),
        _ => throw new InvalidOperationException(
            $"{learner.GetType().Name} does not say what it learns from: implement {nameof(IMinibatchLearner)}, {nameof(IEpisodeLearner)} or " +
                $"{nameof(IStartStateLearner)}."),
    };
}
