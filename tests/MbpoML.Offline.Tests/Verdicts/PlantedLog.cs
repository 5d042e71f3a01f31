using MbpoML.Acting;
using MbpoML.Algorithms.Offline;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Verdicts;

/// <summary>
/// A log of a plant that falls over without its controller: x' = 1.25 x + a, and perhaps noise. Reward: -x'²; 60 steps an episode.
/// </summary>
internal static class PlantedLog
{
    /// <summary>What x is multiplied with in each step.</summary>
    public const double Growth = 1.25;

    private const int Steps = 60;

    private static readonly BoxSpace Actions = BoxSpace.Uniform(1, -9, 9);

    /// <summary>The controller of the log, without the noise on its actions: a = -0.5 x.</summary>
    public static IPolicy Controller { get; } = new Proportional();

    /// <summary>Episodes of the controller, whose actions have a noise of 0.3.</summary>
    /// <param name="noise">The standard deviation of what acts on the plant.</param>
    public static OfflineLog Of(double noise)
    {
        var random = new RandomSource(3);
        var transitions = new List<Transition>();
        for (var episode = 0; episode < 40; episode++)
        {
            var x = random.NextUniform(-1, 1);
            for (var step = 0; step < Steps; step++)
            {
                var action = (-0.5 * x) + (0.3 * random.NextNormal());
                var next = (Growth * x) + action + (noise * random.NextNormal());
                transitions.Add(new Transition
                {
                    Observation = [(float)x],
                    Action = [(float)action],
                    Reward = (float)(-next * next),
                    NextObservation = [(float)next],
                    Truncated = step + 1 == Steps,
                });
                x = next;
            }
        }

        return OfflineLog.Read(new MLContext(1).Reinforcement().Data.FromTransitions(transitions), TransitionColumns.Default, null, Actions);
    }

    private sealed class Proportional : IPolicy
    {
        public int ObservationSize => 1;

        public BoxSpace ActionSpace => Actions;

        public Tensor Act(Tensor observation) => observation.mul(-0.5);

        public Tensor Sample(Tensor observation, Generator generator) => Act(observation);
    }
}
