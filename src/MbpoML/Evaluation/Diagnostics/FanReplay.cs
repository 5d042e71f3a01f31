using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Imagination;
using static TorchSharp.torch;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>Replays the actions of an episode through a model, many times at once.</summary>
internal static class FanReplay
{
    public static RolloutFan Run(IDynamicsModel model, Episode episode, int samples, int seed, IReadOnlyList<string>? names = null)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var task = new ImaginedEnvironment(model);
        var (steps, size) = (episode.Actions.Count, episode.Observations[0].Length);
        var (means, deviations) = (new double[steps + 1][], new double[steps + 1][]);
        var (rewardMeans, rewardDeviations) = (new double[steps], new double[steps]);
        var states = tensor(episode.Observations[0]).unsqueeze(0).repeat(samples, 1);
        (means[0], deviations[0]) = Spread(states);
        for (var step = 0; step < steps; step++)
        {
            using var passing = NewDisposeScope();
            var action = tensor(episode.Actions[step]).unsqueeze(0).repeat(samples, 1);
            var imagined = task.StepUnchecked(states, action, generator);
            (means[step + 1], deviations[step + 1]) = Spread(imagined.NextObservation);
            var (reward, rewardSpread) = Spread(imagined.Reward.unsqueeze(1));
            (rewardMeans[step], rewardDeviations[step]) = (reward[0], rewardSpread[0]);
            states = imagined.NextObservation.MoveToOuterDisposeScope();
        }

        var quantities = Enumerable.Range(0, size).Select(dimension => new FanQuantity(
            [.. episode.Observations.Select(values => (double)values[dimension])], [.. means.Select(values => values[dimension])],
            [.. deviations.Select(values => values[dimension])])
        {
            Name = names?[dimension] ?? Invariant($"observation {dimension + 1}"),
        });
        return new RolloutFan([.. quantities],
            new FanQuantity([.. episode.Rewards.Select(value => (double)value)], rewardMeans, rewardDeviations) { Name = "reward" }, samples);
    }

    // Mean and standard deviation of each column.
    private static (double[] Mean, double[] Deviation) Spread(Tensor values)
    {
        using var scope = NewDisposeScope();
        var wide = values.to(ScalarType.Float64).cpu();
        var mean = wide.mean([0L]);
        var distance = wide - mean;
        return (mean.data<double>().ToArray(), distance.mul(distance).mean([0L]).sqrt().data<double>().ToArray());
    }
}
