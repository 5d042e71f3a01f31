using MbpoML.Environments.Functions;
using MbpoML.Mujoco.Rendering;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco.Tasks;

/// <summary>
/// The swimmer on which MBBL measures model-based algorithms (T. Wang et al., "Benchmarking model-based reinforcement learning", 2019, arXiv:1907.02057;
/// gym_fswimmer of the authors' code): three links in a thick fluid. Observation: the three angles, the five velocities, and last how far the tip of the front
/// link came along x in the last step, in metre a second. Reward: that speed as it was before the step, less 0.0001 times the squared action, so that it is a
/// function of what was observed and done. It never terminates: an episode has 1000 steps of 0.04 s.
/// </summary>
internal sealed class MbrlSwimmerEnvironment(MujocoTask task, MujocoModel model) : TaskEnvironment(task, model, frameSkip: 4)
{
    private const int TipSpeed = 8;
    private const double ActionCost = 1e-4;
    private const double StartWidth = 0.1;

    /// <summary>The reward of observations and actions.</summary>
    public static IRewardFunction KnownReward { get; } = RewardFunction.FromTensors(
        (observation, action, _) => observation.select(1, TipSpeed).Plus(action.Squared().sum(1).Times(-ActionCost)));

    public override IRewardFunction? Reward => KnownReward;

    private protected override CameraView View => new(Body: 1, Height: 0, Distance: 6, Elevation: -50);

    private protected override bool Remembers => true;

    private protected override void DrawStart(RandomSource random, Span<double> positions, Span<double> velocities)
    {
        AddUniform(random, positions, StartWidth);
        AddUniform(random, velocities, StartWidth);
    }

    private protected override void Observe(MujocoState state, Span<double> observation)
    {
        ObserveFrom(2, state, observation);
        observation[TipSpeed] = (MeasureProgress(state) - Progress) / StepDuration;
    }

    private protected override double MeasureProgress(MujocoState state) => state.SitePosition(0)[0];

    private protected override double Remember(ReadOnlySpan<double> observation) => observation[TipSpeed];

    private protected override (double Reward, bool Terminated) Judge(MujocoStep step) => (Remembered - (ActionCost * SquaredSum(step.Action)), false);
}
