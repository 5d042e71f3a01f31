using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tasks;

/// <summary>
/// HalfCheetah. Observation: all positions but the distance travelled, then the velocities. Reward: speed forward, less 0.1 times the squared action. Never
/// terminates.
/// </summary>
internal sealed class HalfCheetahEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 5)
{
    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        AddUniform(random, positions, 0.1);
        AddNormal(random, velocities, 0.1);
    }

    private protected override void Observe(MujocoState state, Span<double> observation) => ObserveFrom(1, state, observation);

    private protected override double MeasureProgress(MujocoState state) => state.Positions[0];

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step) =>
        ((step.Progress / step.Duration) - (0.1 * SquaredSum(step.Action)), false);
}
