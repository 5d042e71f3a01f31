using MbpoML.Environments;
using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Mujoco.Tasks;

/// <summary>Observation: cart position (m), pole angle (rad), their velocities. Reward 1 a step.</summary>
internal sealed class InvertedPendulumEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 2)
{
    private const double MaxAngle = 0.2;

    public static ITerminationFunction Fallen { get; } = TerminationFunction.FromTensors((_, _, next) => AllFinite(next).logical_and(next.select(1, 1).abs().AtMost(MaxAngle)).logical_not());

    public static IRewardFunction Alive { get; } = RewardFunction.FromTensors((_, _, next) => ones(next.shape[0], device: next.device));

    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        AddUniform(random, positions, 0.01);
        AddUniform(random, velocities, 0.01);
    }

    private protected override void Observe(MujocoState state, Span<double> observation)
    {
        state.Positions.CopyTo(observation);
        state.Velocities.CopyTo(observation[2..]);
    }

    private protected override (double Reward, bool Terminated) Judge(MujocoState state, ReadOnlySpan<double> observation, double progress) =>
        (1, !(Math.Abs(observation[1]) <= MaxAngle));
}
