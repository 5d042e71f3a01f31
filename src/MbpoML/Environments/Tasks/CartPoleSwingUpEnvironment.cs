using MbpoML.Environments.Drawing;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Environments.Tasks;

/// <summary>
/// Swing a hanging pole up and balance it by pushing the cart: the cart-pole scenario of PILCO (Deisenroth, Rasmussen 2011), 40 steps of 0.1 s.
/// </summary>
/// <remarks>
/// Observation: x (m), x_dot, theta_dot (rad/s), sin theta, cos theta; theta = 0 hangs down. Action: horizontal force in newton, clipped to ±10, held during
/// the step. Physical state: x, x_dot, theta_dot, theta. Reward: exp(-d^2 / (2 0.25^2)), d the distance of the pole's tip from its place above the origin,
/// after the step. Starts normally distributed around hanging at rest, standard deviation 0.1 in every dimension. Never terminates.
/// </remarks>
public sealed class CartPoleSwingUpEnvironment : AnalyticEnvironment
{
    /// <summary>Runge-Kutta steps a control step. 1000 is what it takes to stay within 1e-12 of converged reference data also at 40 rad/s.</summary>
    private const int Substeps = 1000;

    private const double TimeStep = 0.1;
    private const double MaxForce = 10;
    private const double Length = 0.5;
    private const double PoleMass = 0.5;
    private const double CartMass = 0.5;
    private const double Friction = 0.1;
    private const double Gravity = 9.82;
    private const double RewardWidth = 0.25;
    private const double StartDeviation = 0.1;

    /// <summary>Makes the cart-pole swing-up task.</summary>
    /// <param name="knownReward">Whether imagined transitions take their reward from <see cref="KnownReward"/>; by default the dynamics model learns it, as in
    /// the paper.</param>
    public CartPoleSwingUpEnvironment(bool knownReward = false)
        : base(
            new BoxSpace(
                [double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity, -1, -1],
                [double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, 1, 1]).Named("position", "velocity", "angular velocity",
                    "sine", "cosine"),
            BoxSpace.Uniform(1, -MaxForce, MaxForce).Named("force"),
            physicalStateSize: 4,
            maxSteps: 40)
    {
        Reward = knownReward ? KnownReward : null;
    }

    /// <summary>The task's reward as a function of next observations.</summary>
    public static IRewardFunction KnownReward { get; } = RewardFunction.FromTensors((_, _, next) =>
    {
        var horizontal = next.select(1, 0).Plus(next.select(1, 3).Times(Length));
        var vertical = next.select(1, 4).Plus(1).Times(Length);
        return horizontal.Squared().Plus(vertical.Squared()).Times(-0.5 / (RewardWidth * RewardWidth)).exp();
    });

    /// <inheritdoc/>
    public override IRewardFunction? Reward { get; }

    private protected override void DrawStart(RandomSource random, Span<double> state)
    {
        foreach (ref var value in state) value = StartDeviation * random.NextNormal();
    }

    private protected override (double Reward, bool Terminated) Advance(Span<double> state, double action)
    {
        Integrate(state, Math.Clamp(action, -MaxForce, MaxForce));
        var (sin, cos) = Math.SinCos(state[3]);
        var (horizontal, vertical) = (state[0] + (Length * sin), Length * (cos + 1));
        return (Math.Exp(-0.5 * ((horizontal * horizontal) + (vertical * vertical)) / (RewardWidth * RewardWidth)), false);
    }

    private protected override void Observe(ReadOnlySpan<double> state, Span<double> observation)
    {
        state[..3].CopyTo(observation);
        (observation[3], observation[4]) = Math.SinCos(state[3]);
    }

    private protected override void FindPhysicalState(ReadOnlySpan<double> observation, Span<double> state)
    {
        observation[..3].CopyTo(state);
        state[3] = Math.Atan2(observation[3], observation[4]);
    }

    // A cart that is further away than 1.5 m has left the picture; there is nothing to be earned there.
    private protected override void Draw(ReadOnlySpan<double> state, Canvas canvas)
    {
        var (sin, cos) = Math.SinCos(state[3]);
        canvas.SetView(0, 0, 2 * 1.5, 2 * 0.7);
        canvas.DrawDisc(0, Length, 0.16, Palette.Goal);
        canvas.DrawSegment(-2, 0, 2, 0, 0.05, Palette.Ground);
        canvas.DrawBox(state[0], 0, 0.3, 0.2, Palette.Cart);
        canvas.DrawSegment(state[0], 0, state[0] + (Length * sin), -Length * cos, 0.1, Palette.Pole);
    }

    /// <summary>
    /// The classical Runge-Kutta method of fourth order; a is the cart's acceleration, b the pole's angular one, v and w the velocities, numbered by stage.
    /// </summary>
    private static void Integrate(Span<double> state, double force)
    {
        const double Step = TimeStep / Substeps;
        const double Half = Step / 2;
        const double Sixth = Step / 6;
        var (x, v1, w1, theta) = (state[0], state[1], state[2], state[3]);
        for (var substep = 0; substep < Substeps; substep++)
        {
            var (sin, cos) = Math.SinCos(theta);
            var (a1, b1) = Accelerations(v1, w1, sin, cos, force);
            var (v2, w2) = (v1 + (Half * a1), w1 + (Half * b1));
            var (a2, b2) = AccelerationsAfter(Half * w1, v2, w2, sin, cos, force);
            var (v3, w3) = (v1 + (Half * a2), w1 + (Half * b2));
            var (a3, b3) = AccelerationsAfter(Half * w2, v3, w3, sin, cos, force);
            var (v4, w4) = (v1 + (Step * a3), w1 + (Step * b3));
            var (a4, b4) = AccelerationsAfter(Step * w3, v4, w4, sin, cos, force);

            x += Sixth * (v1 + (2 * v2) + (2 * v3) + v4);
            theta += Sixth * (w1 + (2 * w2) + (2 * w3) + w4);
            v1 += Sixth * (a1 + (2 * a2) + (2 * a3) + a4);
            w1 += Sixth * (b1 + (2 * b2) + (2 * b3) + b4);
        }
        (state[0], state[1], state[2], state[3]) = (x, v1, w1, theta);
    }

    /// <summary>The accelerations when the pole has turned by a small angle from where sine and cosine are known.</summary>
    /// <remarks>
    /// The addition theorem with the series of the small angle halves the cost of a step. Below 0.05 rad, that is up to 500 rad/s, its remainder is under
    /// 2e-13.
    /// </remarks>
    private static (double Cart, double Pole) AccelerationsAfter(double turn, double velocity, double angularVelocity, double sin, double cos, double force)
    {
        var square = turn * turn;
        var sinTurn = turn * (1 - (square / 6 * (1 - (square / 20))));
        var cosTurnMinus1 = square * (-0.5 + (square / 24 * (1 - (square / 30))));
        return Accelerations(velocity, angularVelocity, sin + ((sin * cosTurnMinus1) + (cos * sinTurn)),
            cos + ((cos * cosTurnMinus1) - (sin * sinTurn)), force);
    }

    /// <summary>The equations of motion of PILCO's code: cart (m/s^2) and pole (rad/s^2).</summary>
    private static (double Cart, double Pole) Accelerations(double velocity, double angularVelocity, double sin, double cos, double force)
    {
        var inverse = 1 / ((4 * (CartMass + PoleMass)) - (3 * PoleMass * cos * cos));
        var centrifugal = PoleMass * Length * angularVelocity * angularVelocity * sin;
        var push = force - (Friction * velocity);
        var cart = ((2 * centrifugal) + (3 * PoleMass * Gravity * sin * cos) + (4 * push)) * inverse;
        var pole = -((3 * centrifugal * cos) + (6 * (CartMass + PoleMass) * Gravity * sin) + (6 * push * cos)) * (inverse / Length);
        return (cart, pole);
    }
}
