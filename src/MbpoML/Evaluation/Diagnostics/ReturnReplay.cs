using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>Lets a policy act in the environment and, many times, in the model.</summary>
internal static class ReturnReplay
{
    public static ModelReturns Run(
        ImaginedEnvironment imagined, IEnvironment environment, IPolicy policy, int horizon, int samples, int seed)
    {
        using var generator = new Generator((ulong)Seeds.Derive(seed, "model-returns"), CPU);
        var episode = EpisodeRecorder.Record(environment, policy, horizon, seed, generator);
        var sum = 0.0;
        double[] actual = [.. episode.Rewards.Select(reward => sum += reward)];
        using var scope = NewDisposeScope();
        var starts = tensor(episode.Observations[0]).unsqueeze(0).repeat(samples, 1);
        return new ModelReturns(actual, Imagine(imagined, states => policy.Sample(states, generator), starts, horizon, generator), episode.Terminated);
    }

    /// <summary>Rewards summed up step by step in rollouts imagined from given states; of one that is over the sum stays what it was.</summary>
    /// <param name="task">The task as a model imagines it.</param>
    /// <param name="act">Chooses the actions for states.</param>
    /// <param name="starts">[rollouts, observation]</param>
    /// <param name="horizon">Steps.</param>
    /// <param name="generator">The generator of all random numbers of the model.</param>
    /// <param name="cancellationToken">Checked at every step.</param>
    /// <returns>[rollouts][horizon]</returns>
    public static double[][] Imagine(
        ImaginedEnvironment task, Func<Tensor, Tensor> act, Tensor starts, int horizon, Generator generator, CancellationToken cancellationToken = default)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (samples, states) = ((int)starts.size(0), starts);
        var sums = new double[samples][];
        for (var rollout = 0; rollout < samples; rollout++) sums[rollout] = new double[horizon];
        var (total, alive) = (zeros(samples, ScalarType.Float64), ones(samples, ScalarType.Float64));
        for (var step = 0; step < horizon; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var passing = NewDisposeScope();
            var imagined = task.StepUnchecked(states, act(states), generator, goesOn: alive.Above(0));
            // Rollouts that are over are carried along, so that the others draw what they would draw anyway.
            total = total.Plus(alive.mul(imagined.Reward.to(ScalarType.Float64).view(samples))).MoveToOuterDisposeScope();
            alive = alive.mul(imagined.Terminated.logical_not().to(ScalarType.Float64)).MoveToOuterDisposeScope();
            var values = total.data<double>();
            for (var rollout = 0; rollout < samples; rollout++) sums[rollout][step] = values[rollout];
            // What left the range of numbers must not spoil a product with zero.
            states = imagined.NextObservation.where(alive.Above(0).unsqueeze(1), states).MoveToOuterDisposeScope();
        }

        return sums;
    }
}
