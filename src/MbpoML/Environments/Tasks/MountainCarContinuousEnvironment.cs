using MbpoML.Environments.Drawing;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Environments.Tasks;

/// <summary>Drive an underpowered car out of a valley by swinging back and forth: MountainCarContinuous-v0 of Gymnasium, at most 999 steps.</summary>
/// <remarks>
/// Observation and physical state: position (within [-1.2, 0.6]), velocity a step (within ±0.07). Action: throttle, clipped to ±1. Reward: 100 for reaching
/// the flag, minus 0.1 a^2 of the action as given. Terminated at position >= 0.45 with velocity >= 0. Starts at rest, position uniform in [-0.6, -0.4].
/// Gymnasium rounds its state to float32 after each step; here it stays double.
/// </remarks>
public sealed class MountainCarContinuousEnvironment : AnalyticEnvironment
{
    private const double MinPosition = -1.2;
    private const double MaxPosition = 0.6;
    private const double MaxSpeed = 0.07;
    private const double Power = 0.0015;
    private const double GoalPosition = 0.45;
    private const double GoalVelocity = 0;
    private const double HillHeight = 0.45;

    private static readonly ITerminationFunction Goal = TerminationFunction.FromTensors((_, _, next) =>
        next.select(1, 0).AtLeast(GoalPosition).logical_and(next.select(1, 1).AtLeast(GoalVelocity)));

    /// <summary>Makes the continuous mountain car task.</summary>
    public MountainCarContinuousEnvironment()
        : base(new BoxSpace([MinPosition, -MaxSpeed], [MaxPosition, MaxSpeed]).Named("position", "velocity"), BoxSpace.Uniform(1, -1, 1).Named("power"),
            physicalStateSize: 2, maxSteps: 999)
    {
    }

    /// <inheritdoc/>
    public override ITerminationFunction? Termination => Goal;

    private protected override void DrawStart(RandomSource random, Span<double> state) => (state[0], state[1]) = (random.NextUniform(-0.6, -0.4), 0);

    private protected override (double Reward, bool Terminated) Advance(Span<double> state, double action)
    {
        var (position, velocity) = (state[0], state[1]);
        velocity = Math.Clamp(velocity + (Math.Clamp(action, -1, 1) * Power) - (0.0025 * Math.Cos(3 * position)), -MaxSpeed, MaxSpeed);
        position = Math.Clamp(position + velocity, MinPosition, MaxPosition);
        // The wall on the left stops the car.
        if (position == MinPosition && velocity < 0) velocity = 0;
        (state[0], state[1]) = (position, velocity);

        var terminated = position >= GoalPosition && velocity >= GoalVelocity;
        return ((terminated ? 100 : 0) - (0.1 * action * action), terminated);
    }

    // The hill of Gymnasium's picture, whose slope is the one in the equations.
    private protected override void Draw(ReadOnlySpan<double> state, Canvas canvas)
    {
        var position = state[0];
        canvas.SetView((MinPosition + MaxPosition) / 2, 0.55, MaxPosition - MinPosition, 1.2);
        canvas.FillBelow(Height, Palette.Ground);
        canvas.DrawSegment(GoalPosition, Height(GoalPosition), GoalPosition, Height(GoalPosition) + 0.2, 0.04, Palette.Goal);
        // It stands upright on the ground, a radius away from it.
        var (slope, radius) = (3 * HillHeight * Math.Cos(3 * position), 0.08);
        var tilt = radius / Math.Sqrt(1 + (slope * slope));
        canvas.DrawDisc(position - (slope * tilt), Height(position) + tilt, 2 * radius, Palette.Pole);
    }

    private static double Height(double position) => (HillHeight * Math.Sin(3 * position)) + 0.55;
}
