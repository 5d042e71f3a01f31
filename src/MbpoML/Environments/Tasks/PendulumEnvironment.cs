using MbpoML.Environments.Drawing;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Environments.Tasks;

/// <summary>Swing a pendulum up and hold it there with a torque too weak to lift it at once: Pendulum-v1 of Gymnasium, 200 steps of 0.05 s.</summary>
/// <remarks>
/// Observation: cos theta, sin theta, theta_dot (rad/s, within ±8); theta = 0 stands up. Action: torque in N m, clipped to ±2. Physical state: theta,
/// theta_dot. Reward: -(theta^2 + 0.1 theta_dot^2 + 0.001 u^2) of the state before the step, theta wrapped to [-pi, pi). Starts uniformly in ±pi and ±1
/// rad/s. Never terminates.
/// </remarks>
public sealed class PendulumEnvironment : AnalyticEnvironment
{
    private const double MaxSpeed = 8;
    private const double MaxTorque = 2;
    private const double TimeStep = 0.05;
    private const double Gravity = 10;
    private const double Mass = 1;
    private const double Length = 1;

    /// <summary>Makes the pendulum task.</summary>
    /// <param name="knownReward">Whether imagined transitions take their reward from <see cref="KnownReward"/>; by default the dynamics model learns it, as in
    /// the paper.</param>
    public PendulumEnvironment(bool knownReward = false)
        : base(new BoxSpace([-1, -1, -MaxSpeed], [1, 1, MaxSpeed]).Named("cosine", "sine", "angular velocity"),
            BoxSpace.Uniform(1, -MaxTorque, MaxTorque).Named("torque"), physicalStateSize: 2, maxSteps: 200)
    {
        Reward = knownReward ? KnownReward : null;
    }

    /// <summary>The task's reward as a function of observations and actions.</summary>
    public static IRewardFunction KnownReward { get; } = RewardFunction.FromTensors((observation, action, _) =>
    {
        var theta = observation.select(1, 1).atan2(observation.select(1, 0));
        var torque = action.select(1, 0).Clamped(-MaxTorque, MaxTorque);
        return theta.Squared().Plus(observation.select(1, 2).Squared().Times(0.1)).Plus(torque.Squared().Times(0.001)).neg();
    });

    /// <inheritdoc/>
    public override IRewardFunction? Reward { get; }

    private protected override void DrawStart(RandomSource random, Span<double> state)
    {
        state[0] = random.NextUniform(-Math.PI, Math.PI);
        state[1] = random.NextUniform(-1, 1);
    }

    private protected override (double Reward, bool Terminated) Advance(Span<double> state, double action)
    {
        var (theta, speed) = (state[0], state[1]);
        var torque = Math.Clamp(action, -MaxTorque, MaxTorque);
        var angle = WrapAngle(theta);
        var cost = (angle * angle) + (0.1 * speed * speed) + (0.001 * torque * torque);

        var acceleration = (3 * Gravity / (2 * Length) * Math.Sin(theta)) + (3 / (Mass * Length * Length) * torque);
        speed = Math.Clamp(speed + (acceleration * TimeStep), -MaxSpeed, MaxSpeed);
        (state[0], state[1]) = (theta + (speed * TimeStep), speed);
        return (-cost, false);
    }

    private protected override void Observe(ReadOnlySpan<double> state, Span<double> observation)
    {
        (observation[1], observation[0]) = Math.SinCos(state[0]);
        observation[2] = state[1];
    }

    private protected override void FindPhysicalState(ReadOnlySpan<double> observation, Span<double> state) =>
        (state[0], state[1]) = (Math.Atan2(observation[1], observation[0]), observation[2]);

    // As in Gymnasium: it turns to the left where the angle grows.
    private protected override void Draw(ReadOnlySpan<double> state, Canvas canvas)
    {
        var (sin, cos) = Math.SinCos(state[0]);
        canvas.SetView(0, 0, 2.4, 2.4);
        canvas.DrawSegment(0, 0, -Length * sin, Length * cos, 0.2, Palette.Pole);
        canvas.DrawDisc(0, 0, 0.12, Palette.Cart);
    }

    // C#'s remainder has the sign of the dividend; the task's has that of the divisor.
    private static double WrapAngle(double angle)
    {
        var remainder = (angle + Math.PI) % Math.Tau;
        return (remainder < 0 ? remainder + Math.Tau : remainder) - Math.PI;
    }
}
