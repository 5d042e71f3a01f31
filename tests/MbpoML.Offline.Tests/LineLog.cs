using MbpoML.Acting;
using MbpoML.Algorithms.Offline;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Random;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests;

/// <summary>Logs of the line task, whose controllers push towards zero with a gain and some noise, and policies to judge by them.</summary>
internal static class LineLog
{
    public static BoxSpace Actions { get; } = BoxSpace.Uniform(1, -2, 2);

    public static ITerminationFunction Termination { get; } = TerminationFunction.FromRow((_, _, next) => Math.Abs(next[0]) > 2);

    /// <summary>Episodes of the controller a = -gain x + noise.</summary>
    public static IDataView Of(int episodes, double gain, double noise, int seed = 1)
    {
        using var environment = new LineEnvironment();
        var random = new RandomSource(seed);
        var (before, after, action) = (new double[1], new double[1], new double[1]);
        var transitions = new List<Transition>();
        for (var episode = 0; episode < episodes; episode++)
        {
            environment.Reset(Seeds.Derive(seed, "episode", episode), before);
            for (var isOver = false; !isOver;)
            {
                action[0] = Math.Clamp((-gain * before[0]) + (noise * random.NextNormal()), -2, 2);
                var result = environment.Step(action, after);
                transitions.Add(new Transition
                {
                    Observation = [(float)before[0]],
                    Action = [(float)action[0]],
                    Reward = (float)result.Reward,
                    NextObservation = [(float)after[0]],
                    Terminated = result.Terminated,
                    Truncated = result.Truncated,
                });
                isOver = result.Done;
                after.CopyTo(before, 0);
            }
        }

        return new MLContext(1).Reinforcement().Data.FromTransitions(transitions);
    }

    /// <summary>The log as learners take it.</summary>
    public static OfflineLog Read(IDataView view) => OfflineLog.Read(view, TransitionColumns.Default, reward: null, Actions);

    /// <summary>The mean return of a policy in the true task.</summary>
    public static double Return(IPolicy policy)
    {
        using var environment = new LineEnvironment();
        return new MLContext(1).Reinforcement().Evaluate(policy, environment, episodes: 20, seed: 5).MeanReturn;
    }

    /// <summary>The policy a = gain x, cut to the bounds.</summary>
    public static IPolicy Linear(double gain) => new LinearPolicy(gain);

    private sealed class LinearPolicy(double gain) : IPolicy
    {
        public int ObservationSize => 1;

        public BoxSpace ActionSpace => Actions;

        public Tensor Act(Tensor observation) => observation.mul(gain).clamp(-2, 2);

        public Tensor Sample(Tensor observation, Generator generator) => Act(observation);
    }
}
