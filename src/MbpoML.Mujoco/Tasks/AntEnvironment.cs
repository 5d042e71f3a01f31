using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tasks;

/// <summary>
/// Ant as MBPO has it. Observation: all positions but the first two (height [0], then the torso's quaternion and the joints), then the velocities.
/// Reward: speed forward, 1 for being alive, less 0.5 times the squared action and 0.0005 times the squared contact forces, each clipped to ±1. Alive while
/// between 0.2 and 1 m high.
/// </summary>
internal sealed class AntEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 5)
{
    private const double MinHeight = 0.2, MaxHeight = 1;

    private readonly int _torso = model.FindBody("torso");
    private readonly int _bodies = model.BodyCount;

    /// <summary>In the observation the height is [0].</summary>
    public static ITerminationFunction Fallen { get; } = TerminationFunction.FromTensors((_, _, next) => AllFinite(next)
        .logical_and(next.select(1, 0).AtLeast(MinHeight))
        .logical_and(next.select(1, 0).AtMost(MaxHeight))
        .logical_not());

    private protected override bool NeedsContactForces => true;

    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        AddUniform(random, positions, 0.1);
        AddNormal(random, velocities, 0.1);
    }

    private protected override void Observe(MujocoState state, Span<double> observation) => ObserveFrom(2, state, observation);

    private protected override double MeasureProgress(MujocoState state) => state.BodyPosition(_torso)[0];

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step)
    {
        var contacts = 0.0;
        for (var body = 0; body < _bodies; body++)
            foreach (var force in step.State.ContactForce(body))
            {
                var clipped = Math.Clamp(force, -1, 1);
                contacts += clipped * clipped;
            }

        var reward = (step.Progress / step.Duration) - (0.5 * SquaredSum(step.Action)) - (0.5e-3 * contacts) + 1;
        return (reward, step.State.Positions[2] is not (>= MinHeight and <= MaxHeight));
    }
}
