using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Evaluation;
using MbpoML.Numerics.Random;

namespace MbpoML.Algorithms.Offline.Choosing;

/// <summary>Spends a few real episodes on candidate policies: a bandit, whose arms they are.</summary>
internal static class OnlineChooser
{
    /// <param name="candidates">At least one; their most likely actions are tried.</param>
    /// <param name="environment">Where they act.</param>
    /// <param name="episodes">In all, at least as many as candidates.</param>
    /// <param name="exploration">α of the bandit.</param>
    /// <param name="seed">Decides the starts of the episodes.</param>
    /// <param name="maxEpisodeSteps">Cuts episodes.</param>
    /// <param name="cancellationToken">Checked at every step.</param>
    public static OnlineChoice Choose(
        IReadOnlyList<IPolicy> candidates, IEnvironment environment, int episodes, double exploration, int seed, int maxEpisodeSteps,
        CancellationToken cancellationToken)
    {
        var (bandit, steps) = (new Bandit(candidates.Count, exploration), new List<ChoiceStep>());
        for (var episode = 0; episode < episodes; episode++)
        {
            var candidate = bandit.Next();
            var earned = PolicyEvaluator.Evaluate(
                candidates[candidate], environment, episodes: 1, Seeds.Derive(seed, "choice", episode), maxEpisodeSteps, cancellationToken: cancellationToken);
            bandit.Add(candidate, earned.MeanReturn);
            steps.Add(new ChoiceStep(candidate, earned.MeanReturn, bandit.Best, bandit.Means[bandit.Best]));
        }

        return new OnlineChoice(steps, bandit.Means, bandit.Counts, bandit.Best);
    }
}
