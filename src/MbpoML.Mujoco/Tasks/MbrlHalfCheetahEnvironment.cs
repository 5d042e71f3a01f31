using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tasks;

/// <summary>
/// HalfCheetah as PETS has it (half_cheetah.py of the authors' code), on the body of gym's: how far it came in the last step stands in front of the
/// observation, in metre a second, so that the reward is known: that speed, less 0.1 times the squared action. It never terminates.
/// </summary>
internal sealed class MbrlHalfCheetahEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 5)
{
    private const double ActionCost = 0.1;
    private const double StartDeviation = 0.001;

    /// <summary>The reward of next observations and actions.</summary>
    public static IRewardFunction KnownReward { get; } = RewardFunction.FromTensors(
        (_, action, next) => next.select(1, 0).Plus(action.Squared().sum(1).Times(-ActionCost)));

    public override IRewardFunction? Reward => KnownReward;

    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        AddNormal(random, positions, StartDeviation);
        AddNormal(random, velocities, StartDeviation);
    }

    private protected override void Observe(MujocoState state, Span<double> observation)
    {
        observation[0] = (MeasureProgress(state) - Progress) / StepDuration;
        ObserveFrom(1, state, observation[1..]);
    }

    private protected override double MeasureProgress(MujocoState state) => state.Positions[0];

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step) =>
        (step.Observation[0] - (ActionCost * SquaredSum(step.Action)), false);
}
