using MbpoML.Environments.Functions;
using MbpoML.Mujoco.Rendering;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tasks;

/// <summary>
/// Observation: cart position, sines of the two angles, their cosines, the three velocities and the three forces of the rail's ends, both clipped to ±10.
/// Reward: 10, less the squared distance of the upper pole's tip from its place and a little for speed.
/// </summary>
internal sealed class InvertedDoublePendulumEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 5)
{
    private const double MinTipHeight = 1;
    private const double PoleLength = 0.6;

    private readonly int _tip = model.FindSite("tip");

    /// <summary>
    /// The tip's height from the angles, which the observation has as sines [1..2] and cosines [3..4], the second one relative to the first. A sine and a
    /// cosine that a model predicts are not quite those of one angle: as in the official function only their direction counts for the angles. The lower pole's
    /// own height is its predicted cosine, also as there.
    /// </summary>
    public static ITerminationFunction Fallen { get; } = TerminationFunction.FromTensors((_, _, next) =>
    {
        var (sin1, sin2, cos1, cos2) = (next.select(1, 1), next.select(1, 2), next.select(1, 3), next.select(1, 4));
        var height = cos1.Plus(sin1.atan2(cos1).Plus(sin2.atan2(cos2)).cos()).Times(PoleLength);
        // Not "at most": what is not a number has fallen, too.
        return height.Above(MinTipHeight).logical_not();
    });

    private protected override CameraView View => new(Body: null, Height: 0.5, Distance: 3.5);

    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        AddUniform(random, positions, 0.1);
        AddNormal(random, velocities, 0.1);
    }

    private protected override void Observe(MujocoState state, Span<double> observation)
    {
        var positions = state.Positions;
        observation[0] = positions[0];
        for (var index = 0; index < 2; index++)
        {
            observation[1 + index] = Math.Sin(positions[1 + index]);
            observation[3 + index] = Math.Cos(positions[1 + index]);
        }

        for (var index = 0; index < 3; index++)
        {
            observation[5 + index] = Math.Clamp(state.Velocities[index], -10, 10);
            observation[8 + index] = Math.Clamp(state.ConstraintForces[index], -10, 10);
        }
    }

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step)
    {
        var tip = step.State.SitePosition(_tip);
        var (x, height) = (tip[0], tip[2]);
        var (speed1, speed2) = (step.State.Velocities[1], step.State.Velocities[2]);
        var distancePenalty = (0.01 * x * x) + ((height - 2) * (height - 2));
        var speedPenalty = (0.001 * speed1 * speed1) + (0.005 * speed2 * speed2);
        return (10 - distancePenalty - speedPenalty, !(height > MinTipHeight));
    }
}
