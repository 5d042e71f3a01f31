using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Rollouts;

namespace MbpoML.Training;

/// <summary>Settings tuned for the analytic tasks. Each differs from the paper's only where said; docs/benchmarks.md shows what they reach.</summary>
/// <remarks>Each call makes new objects, so a preset may be changed freely before it is used.</remarks>
public static class MbpoPresets
{
    /// <summary>The preset of a ready-made task, wrapped or not, or null for any other environment.</summary>
    public static MbpoPreset? For(IEnvironment environment) => environment switch
    {
        null => throw new ArgumentNullException(nameof(environment)),
        EnvironmentWrapper wrapper => For(wrapper.Inner),
        PendulumEnvironment => Pendulum(),
        CartPoleContinuousEnvironment => CartPoleContinuous(),
        CartPoleSwingUpEnvironment => CartPoleSwingUp(),
        MountainCarContinuousEnvironment => MountainCarContinuous(),
        _ => null,
    };

    /// <summary>Pendulum-v1: a swing-up within 3000 steps.</summary>
    public static MbpoPreset Pendulum() => Small(
        new MbpoTrainer.Options { Steps = 3000, EpochLength = 250, InitialExplorationSteps = 400, UpdatesPerStep = 8, EvaluationEpisodes = 5 },
        rolloutLength: 2);

    /// <summary>Continuous cart-pole: balanced for all 200 steps within 3000 steps.</summary>
    public static MbpoPreset CartPoleContinuous() => Small(
        new MbpoTrainer.Options { Steps = 3000, EpochLength = 250, InitialExplorationSteps = 250, UpdatesPerStep = 8, EvaluationEpisodes = 5 },
        rolloutLength: 2);

    /// <summary>PILCO's cart-pole swing-up: up within 40 episodes of 40 steps.</summary>
    public static MbpoPreset CartPoleSwingUp() => Small(
        new MbpoTrainer.Options { Steps = 1600, EpochLength = 200, InitialExplorationSteps = 200, ModelTrainingInterval = 80, UpdatesPerStep = 20, EvaluationEpisodes = 5 },
        rolloutLength: 4);

    /// <summary>MountainCarContinuous-v0.</summary>
    public static MbpoPreset MountainCarContinuous() => Small(
        new MbpoTrainer.Options { Steps = 10_000, EpochLength = 1000, InitialExplorationSteps = 2000, UpdatesPerStep = 4, EvaluationEpisodes = 5 },
        rolloutLength: 4);

    private static MbpoPreset Small(MbpoTrainer.Options trainer, int rolloutLength) => new()
    {
        Trainer = trainer,
        Dynamics = new ProbabilisticEnsembleTrainer.Options { HiddenSizes = [64, 64, 64], MaxOptimizerSteps = 1500 },
        Rollouts = new BranchedRollouts.Options { Schedule = RolloutSchedule.Constant(rolloutLength), BatchSize = 10_000 },
        Policy = new SoftActorCriticTrainer.Options { HiddenSizes = [128, 128] },
    };
}
