using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tasks;

/// <summary>
/// What Hopper and Walker2d share. Observation: all positions but the distance travelled, then the velocities clipped to ±10: [0] is the height of the torso
/// (m), [1] its angle (rad). Reward: speed forward, 1 for being upright, less 0.001 times the squared action.
/// </summary>
internal abstract class PlanarLeggedEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 4)
{
    private const double MaxSpeed = 10;

    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        AddUniform(random, positions, 0.005);
        AddUniform(random, velocities, 0.005);
    }

    private protected override void Observe(MujocoState state, Span<double> observation)
    {
        var positions = state.Positions[1..];
        positions.CopyTo(observation);
        for (var index = 0; index < state.Velocities.Length; index++)
            observation[positions.Length + index] = Math.Clamp(state.Velocities[index], -MaxSpeed, MaxSpeed);
    }

    private protected override double MeasureProgress(MujocoState state) => state.Positions[0];

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step) =>
        ((step.Progress / step.Duration) + 1 - (0.001 * SquaredSum(step.Action)), !IsUpright(step.State));

    protected abstract bool IsUpright(MujocoState state);
}
