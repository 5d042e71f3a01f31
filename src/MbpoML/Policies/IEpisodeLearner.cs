namespace MbpoML.Policies;

/// <summary>A policy learner that learns from whole episodes of its current policy, such as a policy gradient.</summary>
public interface IEpisodeLearner : IPolicyLearner
{
    /// <summary>The episodes that it wants for an update, at least 1.</summary>
    int EpisodesPerUpdate { get; }

    /// <summary>The most steps of an imagined episode, at least 1.</summary>
    int EpisodeSteps { get; }

    /// <summary>
    /// Looks at real transitions before the first episodes of its policy, for instance to take scales that stay. A learner that needs none leaves it out.
    /// </summary>
    /// <param name="rows">The transitions, [rows, width], in the environment's units, on the learner's device; only lent.</param>
    /// <exception cref="System.ArgumentException">They are of another width, or a value is not finite.</exception>
    void Look(TorchSharp.torch.Tensor rows)
    {
    }

    /// <summary>One update from episodes of the policy as it stands: imagined ones, or those of the environment in <c>rl.Ppo</c>.</summary>
    /// <param name="episodes">The episodes, lent; environment units, on the learner's device.</param>
    /// <exception cref="System.ArgumentException">There are no rows, they are of another width, a value is not finite, or a number of an episode does not
    /// fit.</exception>
    void Update(ImaginedEpisodes episodes);
}
