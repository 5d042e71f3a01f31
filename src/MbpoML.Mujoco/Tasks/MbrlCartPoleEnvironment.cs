using MbpoML.Environments.Functions;
using MbpoML.Mujoco.Rendering;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tasks;

/// <summary>
/// The cart-pole of PETS (MBRLCartpole of the authors' code): swing up a pole that hangs at the angle 0. Observation: position (m), sine and cosine of the
/// angle, the two velocities. The authors observe the angle itself, and their model reads its sine and cosine: it turns round and round. Reward:
/// exp(-d^2 / 0.6^2) of the tip's distance d from its place above the origin, less 0.01 times the squared action; it is known to whoever plans. It never
/// terminates: an episode has 200 steps of 0.04 s.
/// </summary>
internal sealed class MbrlCartPoleEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 2, maxSteps: 200)
{
    private const double PoleLength = 0.6;
    private const double ActionCost = 0.01;
    private const double StartDeviation = 0.1;

    /// <summary>The reward of next observations and actions.</summary>
    public static IRewardFunction KnownReward { get; } = RewardFunction.FromTensors((_, action, next) =>
    {
        var horizontal = next.select(1, 0).Plus(next.select(1, 1).Times(-PoleLength));
        var vertical = next.select(1, 2).Plus(1).Times(PoleLength);
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

    private protected override void Observe(MujocoState state, Span<double> observation)
    {
        observation[0] = state.Positions[0];
        (observation[1], observation[2]) = Math.SinCos(state.Positions[1]);
        state.Velocities.CopyTo(observation[3..]);
    }

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step)
    {
        var (horizontal, vertical) = (step.Observation[0] - (PoleLength * step.Observation[1]), PoleLength * (step.Observation[2] + 1));
        var distance = (horizontal * horizontal) + (vertical * vertical);
        return (Math.Exp(-distance / (PoleLength * PoleLength)) - (ActionCost * SquaredSum(step.Action)), false);
    }
}
