using MbpoML.Training.Metrics;

namespace MbpoML.Training.Watches;

/// <summary>Whether a model promises more than it keeps: two signs, either of which is enough.</summary>
/// <remarks>
/// The first sign is the mean of the rollouts, compared with its standard error. Where the environment may be noisy, its few episodes add to that error: they
/// are draws too, as far apart as an honest model's rollouts. The episode of a deterministic environment adds nothing, because it has the start and the policy
/// of the rollouts. The second sign is a single rollout that promises more than rewards like those of the data could sum up to. It finds a model that runs away
/// in some rollouts, where the deviation grows as fast as the mean.
/// </remarks>
internal static class PromiseCheck
{
    // All our choice. Chance passes two standard errors, estimated from 16 rollouts, once in 28 evaluations; the mean must also matter beside the return and,
    // near zero, beside the rewards.
    private const double StandardErrors = 2;
    private const double PartOfReturn = 0.5;
    private const double PartOfLargestReward = 0.1;

    // A part of the largest reward, at every step. A model that is right on average is noisy: where the policy earns all there is, half of its rollouts promise
    // more. And a policy that gets better earns a little more than was ever seen. A tenth was not enough for a noise of half a reward over 20 steps.
    private const double Margin = 0.5;

    /// <summary>The metrics.</summary>
    /// <param name="rollouts">At least one.</param>
    /// <param name="episodes">The number of the environment's episodes that they are compared with, at least one.</param>
    /// <param name="highestReward">The highest reward of the real data, with its sign.</param>
    /// <param name="largestReward">The largest absolute one.</param>
    /// <param name="isDeterministic">Whether the episodes are decided by their starts and the policy, so that chance has no part in them.</param>
    public static Dictionary<string, double> Compare(
        IReadOnlyList<PromisedReturn> rollouts, int episodes, double highestReward, double largestReward, bool isDeterministic)
    {
        PromisedReturn[] finite = [.. rollouts.Where(rollout => double.IsFinite(rollout.Excess))];
        var metrics = new Dictionary<string, double> { [MetricNames.ModelReturnDiverged] = (double)(rollouts.Count - finite.Length) / rollouts.Count };
        if (finite.Length == 0) return metrics;
        // Rewards that were always zero have no scale; then as if they were of the size of one.
        var scale = largestReward > 0 ? largestReward : 1;
        var actual = rollouts.Average(rollout => rollout.Actual);
        var mean = finite.Average(rollout => rollout.Excess);
        var deviation = Math.Sqrt(finite.Average(rollout => Math.Pow(rollout.Excess - mean, 2)));
        var impossible = finite.Count(rollout => rollout.Imagined > Ceiling(rollout.Steps, highestReward, scale));
        var draws = (1.0 / finite.Length) + (isDeterministic ? 0 : 1.0 / episodes);
        var isBeyondChance = mean > StandardErrors * deviation * Math.Sqrt(draws) && mean > PartOfReturn * Math.Abs(actual) &&
            mean > PartOfLargestReward * scale;
        metrics[MetricNames.ModelReturnMean] = actual + mean;
        metrics[MetricNames.ModelReturnExcess] = mean;
        metrics[MetricNames.ModelReturnDeviation] = deviation;
        metrics[MetricNames.ModelReturnImpossible] = (double)impossible / rollouts.Count;
        metrics[MetricNames.ModelExploitation] = isBeyondChance || impossible > 0 ? 1 : 0;
        return metrics;
    }

    // Where every step costs something, the best is to be over after the first one.
    private static double Ceiling(int steps, double highest, double scale) => (highest > 0 ? steps * highest : highest) + (Margin * steps * scale);
}
