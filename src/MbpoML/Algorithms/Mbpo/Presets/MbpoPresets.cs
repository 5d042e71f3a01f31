using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Policies.SoftActorCritic;

namespace MbpoML.Algorithms.Mbpo.Presets;

/// <summary>
/// Settings for the analytic tasks, and three sizes of them for tasks of one's own. Each differs from the paper's only where said;
/// docs/benchmarks-tasks.md says what they reach.
/// </summary>
/// <remarks>Each call makes new objects, so a preset may be changed freely before it is used.</remarks>
public static partial class MbpoPresets
{
    /// <summary>The preset of a ready-made task or an <see cref="IPresetProvider"/>, wrapped or not, or null for any other environment. One that is seen as a
    /// picture, or repeats actions, is another.</summary>
    /// <param name="environment">The environment to find a preset for, wrapped or not.</param>
    public static MbpoPreset? For(IEnvironment environment) => environment switch
    {
        null => throw new ArgumentNullException(nameof(environment)),
        IPresetProvider provider => provider.CreatePreset(),
        EnvironmentWrapper { IsOtherTask: true } => null,
        EnvironmentWrapper wrapper => For(wrapper.Inner),
        PendulumEnvironment => Pendulum(),
        CartPoleContinuousEnvironment => CartPoleContinuous(),
        CartPoleSwingUpEnvironment => CartPoleSwingUp(),
        MountainCarContinuousEnvironment => MountainCarContinuous(),
        _ => null,
    };

    /// <summary>Pendulum-v1: swung up and held within 3000 steps.</summary>
    public static MbpoPreset Pendulum() => Analytic(
        new MbpoTrainer.Options { Steps = 3000, EpochLength = 250, InitialExplorationSteps = 250, UpdatesPerStep = 10, EvaluationEpisodes = 5 },
        rolloutLength: 3,
        modelSteps: 800);

    /// <summary>Continuous cart-pole: balanced for all 200 steps within 3000 steps.</summary>
    public static MbpoPreset CartPoleContinuous()
    {
        var preset = Analytic(
            new MbpoTrainer.Options { Steps = 3000, EpochLength = 250, InitialExplorationSteps = 250, UpdatesPerStep = 20, EvaluationEpisodes = 5 },
            rolloutLength: 20,
            modelSteps: 300);
        // The cart may drift for a hundred steps before it falls off the track: longer rollouts, kept longer, and slower steps keep the critics aware of the
        // edges.
        (preset.Rollouts.RetainEpochs, preset.Policy.LearningRate) = (4, 5e-4);
        return preset;
    }

    /// <summary>PILCO's cart-pole swing-up: up within 40 episodes of 40 steps. As in PILCO, the reward of imagined transitions is given, not learned.</summary>
    public static MbpoPreset CartPoleSwingUp()
    {
        var preset = Analytic(
            new MbpoTrainer.Options
            {
                Steps = 1600,
                EpochLength = 200,
                InitialExplorationSteps = 200,
                ModelTrainingInterval = 80,
                UpdatesPerStep = 30,
                EvaluationEpisodes = 5,
                Reward = CartPoleSwingUpEnvironment.KnownReward,
            },
            rolloutLength: 5,
            modelSteps: 800);
        preset.Dynamics.HiddenSizes = [96, 96, 96];
        // Rewards of at most 1 over a second or two: a nearer horizon, and rewards that weigh against the entropy from the start.
        (preset.Policy.RewardScale, preset.Policy.Discount, preset.Policy.TargetSmoothing) = (10, 0.97, 0.01);
        return preset;
    }

    /// <summary>MountainCarContinuous-v0: the goal reached within 7000 steps, after exploring with random actions that are held for 60 steps.</summary>
    public static MbpoPreset MountainCarContinuous()
    {
        var preset = Analytic(
            new MbpoTrainer.Options
            {
                Steps = 7000,
                EpochLength = 1000,
                InitialExplorationSteps = 3000,
                ExplorationActionHold = 60,
                UpdatesPerStep = 4,
                EvaluationEpisodes = 5,
            },
            rolloutLength: 20,
            modelSteps: 500);
        // The one reward of 100 lies a hundred steps away: long rollouts, slower steps.
        (preset.Rollouts.RetainEpochs, preset.Policy.LearningRate) = (2, 5e-4);
        return preset;
    }

    // A tenth of the paper's computation for tasks of a few dimensions: smaller networks, a larger step size, fewer rollouts. Small data make short epochs, in
    // which the paper's patience of 5 stops a fit too early; targets and observations of very different scale are standardised.
    private static MbpoPreset Analytic(MbpoTrainer.Options trainer, int rolloutLength, int modelSteps) => new()
    {
        Trainer = trainer,
        Dynamics = new ProbabilisticEnsembleTrainer.Options
        {
            HiddenSizes = [64, 64, 64],
            BatchSize = 128,
            Patience = 30,
            MaxOptimizerSteps = modelSteps,
            TargetNormalization = true,
        },
        Rollouts = new BranchedRollouts.Options { Schedule = RolloutSchedule.Constant(rolloutLength), BatchSize = 10_000 },
        Policy = new SoftActorCriticTrainer.Options { HiddenSizes = [64, 64], LearningRate = 1e-3, StandardizeObservations = true },
    };
}
