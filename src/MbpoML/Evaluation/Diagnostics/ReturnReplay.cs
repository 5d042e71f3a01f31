using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies;
using static TorchSharp.torch;

namespace MbpoML.Evaluation;

/// <summary>Lets a policy act in the environment and, many times, in the model.</summary>
internal static class ReturnReplay
{
    public static ModelReturns Run(IDynamicsModel model, IEnvironment environment, IPolicy policy, int horizon, int samples, int seed)
    {
        using var generator = new Generator((ulong)Seeds.Derive(seed, "model-returns"), CPU);
        var episode = EpisodeRecorder.Record(environment, policy, horizon, seed, generator);
        var sum = 0.0;
        double[] actual = [.. episode.Rewards.Select(reward => sum += reward)];
        return new ModelReturns(actual, Imagine(model, environment, policy, episode.Observations[0], horizon, samples, generator), episode.Terminated);
    }

    private static double[][] Imagine(IDynamicsModel model, IEnvironment environment, IPolicy policy, float[] start, int horizon, int samples, Generator generator)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var sums = new double[samples][];
        for (var rollout = 0; rollout < samples; rollout++) sums[rollout] = new double[horizon];
        var states = tensor(start).unsqueeze(0).repeat(samples, 1);
        var (total, alive) = (zeros(samples, ScalarType.Float64), ones(samples, ScalarType.Float64));
        for (var step = 0; step < horizon; step++)
        {
            using var passing = NewDisposeScope();
            var action = policy.Sample(states, generator);
            var imagined = model.Sample(states, action, generator);
            var reward = environment.Reward?.Evaluate(states, action, imagined.NextObservation) ?? imagined.Reward;
            // Rollouts that are over are carried along, so that the others draw what they would draw anyway.
            total = total.Plus(alive.mul(reward.to(ScalarType.Float64).view(samples))).MoveToOuterDisposeScope();
            var terminated = environment.Termination?.Evaluate(states, action, imagined.NextObservation) ?? imagined.Terminated ?? zeros(samples, ScalarType.Bool);
            alive = alive.mul(terminated.logical_not().to(ScalarType.Float64)).MoveToOuterDisposeScope();
            var values = total.data<double>();
            for (var rollout = 0; rollout < samples; rollout++) sums[rollout][step] = values[rollout];
            // What left the range of numbers must not spoil a product with zero.
            states = imagined.NextObservation.where(alive.Above(0).unsqueeze(1), states).MoveToOuterDisposeScope();
        }

        return sums;
    }
}
