using MbpoML.Environments.Functions;
using MbpoML.Mujoco.Rendering;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tasks;

/// <summary>
/// The cart-pole swing-up of dm_control (suite/cartpole.py). Observation: position (m), cosine and sine of the pole's angle, which is 0 where it stands up, and
/// the two velocities. Reward: four factors, for a pole that stands up, a cart in the middle, little control and a slow pole, together at most 1. It never
/// terminates: an episode has 1000 steps of 0.01 s.
/// </summary>
internal sealed class DmcCartPoleSwingUpEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 1)
{
    // Where a factor has fallen to a tenth of what lies above its least value.
    private const double PositionMargin = 2, VelocityMargin = 5;
    private const double StartDeviation = 0.01;

    private static readonly double AtMargin = Math.Log(0.1);

    /// <summary>The reward of next observations and actions.</summary>
    public static IRewardFunction KnownReward { get; } = RewardFunction.FromTensors((_, action, next) =>
    {
        var upright = next.select(1, 1).Plus(1).Times(0.5);
        var centered = next.select(1, 0).Squared().Times(AtMargin / (PositionMargin * PositionMargin)).exp().Plus(1).Times(0.5);
        var control = action.select(1, 0).Squared().neg().Plus(1).NotBelow(0).Plus(4).Times(0.2);
        var slow = next.select(1, 4).Squared().Times(AtMargin / (VelocityMargin * VelocityMargin)).exp().Plus(1).Times(0.5);
        return upright * centered * control * slow;
    });

    // The camera of the original's pictures: four metres in front of the rail, at its height.
    private protected override CameraView View => new(Body: null, Height: 1, Distance: 4, Elevation: 0);

    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        AddNormal(random, positions, StartDeviation);
        positions[1] += Math.PI;
        AddNormal(random, velocities, StartDeviation);
    }

    private protected override void Observe(MujocoState state, Span<double> observation)
    {
        observation[0] = state.Positions[0];
        (observation[2], observation[1]) = Math.SinCos(state.Positions[1]);
        state.Velocities.CopyTo(observation[3..]);
    }

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step)
    {
        var (position, control, velocity) = (step.Observation[0], step.Action[0], step.Observation[4]);
        var upright = (step.Observation[1] + 1) / 2;
        var centered = (1 + Bell(position / PositionMargin)) / 2;
        var smallControl = (4 + Math.Max(0, 1 - (control * control))) / 5;
        var slow = (1 + Bell(velocity / VelocityMargin)) / 2;
        return (upright * centered * smallControl * slow, false);
    }

    // 1 at 0, and 0.1 at 1.
    private static double Bell(double value) => Math.Exp(AtMargin * value * value);
}
