using MbpoML.Environments.Drawing;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Environments.Tasks;

/// <summary>Keep a pole upright on a cart with a force of any size: the continuous cart-pole of mbrl-lib, at most 200 steps of 0.02 s.</summary>
/// <remarks>
/// Observation and physical state: cart position x (m), x_dot, pole angle theta (rad, 0 stands up), theta_dot. Action: within ±1, the force is 10 a newton;
/// actions beyond the bounds are not clipped. Reward: 1 a step, the last one included. Terminated at |x| > 2.4 m or |theta| > 12 degrees. Starts uniformly in
/// ±0.05.
/// </remarks>
public sealed class CartPoleContinuousEnvironment : AnalyticEnvironment
{
    private const double Gravity = 9.8;
    private const double PoleMass = 0.1;
    private const double TotalMass = 1 + PoleMass;
    private const double HalfLength = 0.5;
    private const double PoleMassLength = PoleMass * HalfLength;
    private const double ForceScale = 10;
    private const double TimeStep = 0.02;
    private const double MaxPosition = 2.4;
    private const double MaxAngle = 12 * 2 * Math.PI / 360;

    private static readonly ITerminationFunction Fallen = TerminationFunction.FromTensors((_, _, next) =>
        next.select(1, 0).abs().Above(MaxPosition).logical_or(next.select(1, 2).abs().Above(MaxAngle)));

    /// <summary>Makes the continuous cart-pole task.</summary>
    public CartPoleContinuousEnvironment()
        : base(
            // As in the original, the box is twice what the task allows, so that the last observation lies inside.
            new BoxSpace(
                [-2 * MaxPosition, double.NegativeInfinity, -2 * MaxAngle, double.NegativeInfinity],
                [2 * MaxPosition, double.PositiveInfinity, 2 * MaxAngle, double.PositiveInfinity]).Named("position", "velocity", "angle", "angular velocity"),
            BoxSpace.Uniform(1, -1, 1).Named("force"),
            physicalStateSize: 4,
            maxSteps: 200)
    {
    }

    /// <inheritdoc/>
    public override ITerminationFunction? Termination => Fallen;

    private protected override void DrawStart(RandomSource random, Span<double> state)
    {
        foreach (ref var value in state) value = random.NextUniform(-0.05, 0.05);
    }

    private protected override (double Reward, bool Terminated) Advance(Span<double> state, double action)
    {
        var (x, xDot, theta, thetaDot) = (state[0], state[1], state[2], state[3]);
        var (sin, cos) = Math.SinCos(theta);
        var push = ((ForceScale * action) + (PoleMassLength * thetaDot * thetaDot * sin)) / TotalMass;
        var angularAcceleration = ((Gravity * sin) - (cos * push)) / (HalfLength * ((4.0 / 3.0) - (PoleMass * cos * cos / TotalMass)));
        var acceleration = push - (PoleMassLength * angularAcceleration * cos / TotalMass);

        // Explicit Euler: positions advance with the velocities before the step.
        state[0] = x + (TimeStep * xDot);
        state[1] = xDot + (TimeStep * acceleration);
        state[2] = theta + (TimeStep * thetaDot);
        state[3] = thetaDot + (TimeStep * angularAcceleration);
        return (1, Math.Abs(state[0]) > MaxPosition || Math.Abs(state[2]) > MaxAngle);
    }

    // All of the track, so that the cart is seen in every state that does not end the task.
    private protected override void Draw(ReadOnlySpan<double> state, Canvas canvas)
    {
        var (sin, cos) = Math.SinCos(state[2]);
        canvas.SetView(0, 0.4, 2 * (MaxPosition + 0.2), 2 * (MaxPosition + 0.2));
        canvas.DrawSegment(-MaxPosition, 0, MaxPosition, 0, 0.05, Palette.Ground);
        canvas.DrawBox(state[0], 0, 0.5, 0.3, Palette.Cart);
        canvas.DrawSegment(state[0], 0, state[0] + (2 * HalfLength * sin), 2 * HalfLength * cos, 0.15, Palette.Pole);
    }
}
