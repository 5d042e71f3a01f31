using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tasks;

/// <summary>
/// Humanoid as MBPO has it. Observation: all positions but the first two (height [0], then the torso's quaternion and the joints), then the velocities.
/// Reward: 0.25 times the way of the center of mass over the integrator's step of 3 ms (not the control step's 15: so the task is defined), 5 for being alive,
/// less 0.1 times the squared action and
/// 5e-7 times the squared contact forces, these at most 10. Alive while the torso is between 1 and 2 m high.
/// </summary>
internal sealed class HumanoidEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 5)
{
    private const double MinHeight = 1, MaxHeight = 2;
    private const double MaxImpactCost = 10;

    private readonly double[] _masses = model.Native.BodyMasses.ToArray();

    /// <summary>In the observation the height is [0].</summary>
    public static ITerminationFunction Fallen { get; } = TerminationFunction.FromTensors((_, _, next) =>
        next.select(1, 0).AtLeast(MinHeight).logical_and(next.select(1, 0).AtMost(MaxHeight)).logical_not());

    private protected override bool NeedsContactForces => true;

    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        AddUniform(random, positions, 0.01);
        AddUniform(random, velocities, 0.01);
    }

    private protected override void Observe(MujocoState state, Span<double> observation) => ObserveFrom(2, state, observation);

    private protected override double MeasureProgress(MujocoState state)
    {
        var (weighted, mass) = (0.0, 0.0);
        for (var body = 0; body < _masses.Length; body++)
        {
            weighted += _masses[body] * state.MassCenter(body)[0];
            mass += _masses[body];
        }

        return weighted / mass;
    }

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step)
    {
        var impact = 0.0;
        for (var body = 0; body < _masses.Length; body++) impact += SquaredSum(step.State.ContactForce(body));
        var reward = (0.25 * step.Progress / Model.TimeStep) - (0.1 * SquaredSum(step.Action)) - Math.Min(0.5e-6 * impact, MaxImpactCost) + 5;
        return (reward, step.State.Positions[2] is not (>= MinHeight and <= MaxHeight));
    }
}
