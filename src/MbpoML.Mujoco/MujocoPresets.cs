using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Imagination;
using MbpoML.Policies.SoftActorCritic;

namespace MbpoML.Mujoco;

/// <summary>What MBPO was run with on each task: the common settings are the options' defaults, these are what differs.</summary>
/// <remarks>
/// Lengths of the runs are those of the paper's figure 2 for both sources, in steps after the random exploration, as the official code counts; its
/// configurations go on for 1000 epochs and more. InvertedDoublePendulum is not in the paper.
/// </remarks>
internal static class MujocoPresets
{
    private const int Exploration = 5000;

    /// <summary>The settings of a task, or null where MBPO was not run on it.</summary>
    public static MbpoPreset? Find(string task, PresetSource source)
    {
        if (!Enum.IsDefined(source))
            throw new ArgumentOutOfRangeException(nameof(source), source, $"{nameof(source)} must be {PresetSource.Official} or {PresetSource.Paper}.");
        var isPaper = source == PresetSource.Paper;
        return task switch
        {
            "InvertedPendulum" => Pendulum(updates: 10, targetEntropy: -0.05),
            "InvertedDoublePendulum" => Pendulum(updates: 20, targetEntropy: -0.5),
            // The paper's table ends the growth of the rollouts at epoch 100, the configuration at 150.
            "Hopper" => Legged(epochs: 125, updates: 20, targetEntropy: -1, RolloutSchedule.Linear(20, isPaper ? 100 : 150, 1, 15)),
            "Walker2d" => Legged(epochs: 300, updates: 20, targetEntropy: -3, RolloutSchedule.Constant(1)),
            "HalfCheetah" => Legged(epochs: 400, updates: 40, targetEntropy: -3, RolloutSchedule.Constant(1)),
            "Ant" => Legged(epochs: 300, updates: 20, targetEntropy: -4, RolloutSchedule.Linear(20, 100, 1, 25)),
            "Humanoid" => Humanoid(isPaper),
            _ => null,
        };
    }

    private static MbpoPreset Pendulum(int updates, double targetEntropy) => new()
    {
        Trainer = new MbpoTrainer.Options { Steps = 500 + (80 * 250), EpochLength = 250, InitialExplorationSteps = 500, UpdatesPerStep = updates },
        Policy = new SoftActorCriticTrainer.Options { TargetEntropy = targetEntropy },
    };

    private static MbpoPreset Legged(int epochs, int updates, double targetEntropy, IRolloutSchedule rollouts) => new()
    {
        Trainer = new MbpoTrainer.Options { Steps = Exploration + (epochs * 1000), InitialExplorationSteps = Exploration, UpdatesPerStep = updates },
        Rollouts = new BranchedRollouts.Options { Schedule = rollouts },
        Policy = new SoftActorCriticTrainer.Options { TargetEntropy = targetEntropy },
    };

    // The configuration was changed after the paper: a quarter of the refits and rollouts, kept five times as long.
    private static MbpoPreset Humanoid(bool isPaper)
    {
        var preset = Legged(epochs: 300, updates: 20, targetEntropy: -2, RolloutSchedule.Linear(20, 300, 1, 25));
        preset.Dynamics.HiddenSizes = [400, 400, 400, 400];
        if (!isPaper) (preset.Trainer.ModelTrainingInterval, preset.Rollouts.RetainEpochs) = (1000, 5);
        return preset;
    }
}
