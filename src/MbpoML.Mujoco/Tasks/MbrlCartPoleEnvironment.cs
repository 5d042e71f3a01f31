using MbpoML.Environments.Functions;
using MbpoML.Mujoco.Rendering;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tasks;

/// <summary>
/// The cart-pole of PETS (MBRLCartpole of the authors' code): swing up a pole that hangs at the angle 0. Observation: position (m), angle (rad), their
/// velocities. Reward: exp(-d^2 / 0.6^2) of the tip's distance d from its place above the origin, less 0.01 times the squared action; it is known to whoever
/// plans. It never terminates: an episode has 200 steps of 0.04 s.
/// </summary>
internal sealed class MbrlCartPoleEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 2, maxSteps: 200)
{
    private const double PoleLength = 0.6;
    private const double ActionCost = 0.01;
    private const double StartDeviation = 0.1;

    /// <summary>The reward of next observations and actions.</summary>
    public static IRewardFunction KnownReward { get; } = RewardFunction.FromTensors((_, action, next) =>
    {
        var angle = next.select(1, 1);
        var horizontal = next.select(1, 0).Plus(angle.sin().Times(-PoleLength));
        var vertical = angle.cos().Plus(1).Times(PoleLength);
        var distance = horizontal.Squared().Plus(vertical.Squared());
        return distance.Times(-1 / (PoleLength * PoleLength)).exp().Plus(action.select(1, 0).Squared().Times(-ActionCost));
    });

    public override IRewardFunction? Reward => KnownReward;

    private protected override CameraView View => new(Body: null, Height: 0, Distance: 4);

    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        AddNormal(random, positions, StartDeviation);
        AddNormal(random, velocities, StartDeviation);
    }

    private protected override void Observe(MujocoState state, Span<double> observation) => ObserveFrom(0, state, observation);

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step)
    {
        var (sin, cos) = Math.SinCos(step.Observation[1]);
        var (horizontal, vertical) = (step.Observation[0] - (PoleLength * sin), PoleLength * (cos + 1));
        var distance = (horizontal * horizontal) + (vertical * vertical);
        return (Math.Exp(-distance / (PoleLength * PoleLength)) - (ActionCost * SquaredSum(step.Action)), false);
    }
}
