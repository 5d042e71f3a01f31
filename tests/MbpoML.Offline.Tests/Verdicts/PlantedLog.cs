using MbpoML.Acting;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Verdicts;

/// <summary>
/// Logs of a plant that falls over without its controller, x' = 1.25 x + a: it is to follow a set point, which may jump now and then. Observation: x, set
/// point; reward: less for each squared unit off the set point; 60 steps.
/// </summary>
internal static class PlantedLog
{
    private const int Steps = 60;
    private const double Growth = 1.25;

    public static BoxSpace Actions { get; } = BoxSpace.Uniform(1, -3, 3);

    /// <summary>Episodes of the controller a = -gain (x - set point) - 0.25 set point + noise.</summary>
    public static IDataView Of(int episodes, double gain, double jumps)
    {
        var random = new RandomSource(3);
        var transitions = new List<Transition>();
        for (var episode = 0; episode < episodes; episode++)
        {
            var (x, target) = (random.NextUniform(-1, 1), random.NextUniform(-1, 1));
            for (var step = 0; step < Steps; step++)
            {
                var action = Math.Clamp((-gain * (x - target)) - (0.25 * target) + (0.3 * random.NextNormal()), -3, 3);
                var (next, later) = ((Growth * x) + action, random.NextUniform(0, 1) < jumps ? random.NextUniform(-1, 1) : target);
                transitions.Add(new Transition
                {
                    Observation = [(float)x, (float)target], Action = [(float)action], Reward = (float)-Math.Pow(next - target, 2),
                    NextObservation = [(float)next, (float)later], Truncated = step + 1 == Steps,
                });
                (x, target) = (next, later);
            }
        }

        return new MLContext(1).Reinforcement().Data.FromTransitions(transitions);
    }

    /// <summary>The controller of the log without its noise.</summary>
    public static IPolicy Controller(double gain) => new Proportional(gain);

    private sealed class Proportional(double gain) : IPolicy
    {
        public int ObservationSize => 2;

        public BoxSpace ActionSpace => Actions;

        public Tensor Act(Tensor observation)
        {
            using var scope = NewDisposeScope();
            var (x, target) = (observation.narrow(1, 0, 1), observation.narrow(1, 1, 1));
            return (target.mul(gain - 0.25) - x.mul(gain)).clamp(-3, 3).MoveToOuterDisposeScope();
        }

        public Tensor Sample(Tensor observation, Generator generator) => Act(observation);
    }
}
