using MbpoML.Catalog;

namespace MbpoML.Data;

/// <summary>A recorded episode of T steps. See <see cref="DataCatalog.FromEpisodes"/>.</summary>
public sealed class Episode
{
    /// <summary>The observations o_0 to o_T, each [observation]: one more than there are actions.</summary>
    public required IReadOnlyList<float[]> Observations { get; init; }

    /// <summary>The actions a_0 to a_(T-1), each [action], in the environment's units.</summary>
    public required IReadOnlyList<float[]> Actions { get; init; }

    /// <summary>The rewards r_0 to r_(T-1).</summary>
    public required IReadOnlyList<float> Rewards { get; init; }

    /// <summary>Whether the task ended with the last step: the value of o_T is zero.</summary>
    public bool Terminated { get; init; }

    /// <summary>Whether only the clock or the recording ended the episode: the value of o_T goes on.</summary>
    public bool Truncated { get; init; }

    /// <summary>The steps one by one; the flags stand on the last.</summary>
    /// <exception cref="ArgumentException">The numbers of observations, actions and rewards do not fit together.</exception>
    internal IEnumerable<Transition> ToTransitions(int episodeId)
    {
        if (Observations is null || Actions is null || Rewards is null)
        {
            var missing = Observations is null ? nameof(Observations) : Actions is null ? nameof(Actions) : nameof(Rewards);
            throw new ArgumentException(Invariant($"Episode {episodeId} has no {missing}; give the list."));
        }
        var steps = Actions.Count;
        if (steps == 0 || Rewards.Count != steps || Observations.Count != steps + 1)
        {
            throw new ArgumentException(
                Invariant($"Episode {episodeId} has {Observations.Count} observations, {steps} actions and {Rewards.Count} rewards, but an episode of T ") +
                    "steps (at least 1) has T + 1, T and T.");
        }
        for (var step = 0; step < steps; step++)
        {
            var last = step == steps - 1;
            yield return new Transition
            {
                Observation = Observations[step],
                Action = Actions[step],
                Reward = Rewards[step],
                NextObservation = Observations[step + 1],
                Terminated = last && Terminated,
                Truncated = last && Truncated,
                EpisodeId = episodeId,
            };
        }
    }
}
