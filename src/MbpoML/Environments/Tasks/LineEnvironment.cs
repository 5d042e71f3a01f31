using MbpoML.Environments.Drawing;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Environments.Tasks;

/// <summary>Bring a point on a line back to the middle and hold it there: the task with which mbrl-lib tests its algorithms, 30 steps.</summary>
/// <remarks>
/// Observation and physical state: place p, velocity v a step. Action: within ±1, added to the velocity; actions beyond the bounds are not clipped. A step:
/// v += a, then p += v. Reward: -0.001 p^2 of the new place. Starts at p = 1 at rest, whatever the seed. Never terminates. Doing nothing gives -0.03, the best
/// there is nearly 0, and random actions run away. In a picture the dot stands at p / (1 + |p|), so that every place can be seen; the velocity cannot.
/// </remarks>
public sealed class LineEnvironment : AnalyticEnvironment
{
    private const double RewardScale = -0.001;
    private const double DotDiameter = 0.4;
    private const double LineWidth = 0.1;

    /// <summary>Makes the task of a point on a line.</summary>
    /// <param name="knownReward">Whether imagined transitions take their reward from <see cref="KnownReward"/>; by default the dynamics model learns
    /// it.</param>
    public LineEnvironment(bool knownReward = false)
        : base(BoxSpace.Unbounded(2).Named("place", "velocity"), BoxSpace.Uniform(1, -1, 1).Named("push"), physicalStateSize: 2, maxSteps: 30)
    {
        Reward = knownReward ? KnownReward : null;
    }

    /// <summary>The task's reward as a function of next observations.</summary>
    public static IRewardFunction KnownReward { get; } = RewardFunction.FromTensors((_, _, next) => next.select(1, 0).Squared().Times(RewardScale));

    /// <inheritdoc/>
    public override IRewardFunction? Reward { get; }

    private protected override void DrawStart(RandomSource random, Span<double> state) => (state[0], state[1]) = (1, 0);

    private protected override (double Reward, bool Terminated) Advance(Span<double> state, double action)
    {
        state[1] += action;
        state[0] += state[1];
        return (RewardScale * state[0] * state[0], false);
    }

    private protected override void Draw(ReadOnlySpan<double> state, Canvas canvas)
    {
        canvas.SetView(0, 0, 2 + DotDiameter, 2 + DotDiameter);
        canvas.DrawSegment(0, -0.5, 0, 0.5, LineWidth, Palette.Ground);
        canvas.DrawDisc(state[0] / (1 + Math.Abs(state[0])), 0, DotDiameter, Palette.Pole);
    }
}
