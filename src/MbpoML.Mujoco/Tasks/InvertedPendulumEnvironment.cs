using MbpoML.Environments.Functions;
using MbpoML.Mujoco.Rendering;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Mujoco.Tasks;

/// <summary>Observation: cart position (m), pole angle (rad), their velocities. Reward 1 a step.</summary>
internal sealed class InvertedPendulumEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 2)
{
    private const double MaxAngle = 0.2;

    public static ITerminationFunction Fallen { get; } = TerminationFunction.FromTensors(
        (_, _, next) => AllFinite(next).logical_and(next.select(1, 1).abs().AtMost(MaxAngle)).logical_not());

    public static IRewardFunction Alive { get; } = RewardFunction.FromTensors((_, _, next) => ones(next.shape[0], device: next.device));

    private protected override CameraView View => new(Body: null, Height: 0.3, Distance: 2.2);

    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        AddUniform(random, positions, 0.01);
        AddUniform(random, velocities, 0.01);
    }

    private protected override void Observe(MujocoState state, Span<double> observation) => ObserveFrom(0, state, observation);

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step) =>
        (1, !(Math.Abs(step.Observation[1]) <= MaxAngle));
}
