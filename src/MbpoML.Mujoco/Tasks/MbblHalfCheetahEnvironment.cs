using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tasks;

/// <summary>
/// The half cheetah on which MBBL measures model-based algorithms (T. Wang et al., "Benchmarking model-based reinforcement learning", 2019, arXiv:1907.02057;
/// gym_cheetah of the authors' code): body, starts and observation are gym's. Reward: the forward velocity as it was before the step, less 0.1 times the
/// squared action, so that it is a function of what was observed and done. It never terminates.
/// </summary>
internal sealed class MbblHalfCheetahEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 5)
{
    private const int ForwardVelocity = 8;
    private const double ActionCost = 0.1;

    /// <summary>The reward of observations and actions.</summary>
    public static IRewardFunction KnownReward { get; } = RewardFunction.FromTensors(
        (observation, action, _) => observation.select(1, ForwardVelocity).Plus(action.Squared().sum(1).Times(-ActionCost)));

    public override IRewardFunction? Reward => KnownReward;

    private protected override bool Remembers => true;

    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        AddUniform(random, positions, 0.1);
        AddNormal(random, velocities, 0.1);
    }

    private protected override void Observe(MujocoState state, Span<double> observation) => ObserveFrom(1, state, observation);

    private protected override double Remember(ReadOnlySpan<double> observation) => observation[ForwardVelocity];

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step) => (Remembered - (ActionCost * SquaredSum(step.Action)), false);
}
