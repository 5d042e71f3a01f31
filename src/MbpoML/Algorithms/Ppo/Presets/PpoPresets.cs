using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Training;

namespace MbpoML.Algorithms.Ppo.Presets;

/// <summary>Settings of PPO for a task.</summary>
public static class PpoPresets
{
    // Stable-Baselines3: n_steps. Where a run is short, it still has some tens of updates.
    private const int MostSteps = 2048, LeastSteps = 64, Updates = 30;

    // Without a model a task takes some tens of times as many steps.
    private const int MoreSteps = 30;

    /// <summary>
    /// The settings that <c>rl.Ppo(environment)</c> takes where nothing is given: those that follow from the task's preset of MBPO, or from the one of its
    /// size, with thirty times its steps.
    /// </summary>
    /// <param name="environment">The environment that the settings are for, wrapped or not.</param>
    /// <returns>A new object that may be changed freely.</returns>
    /// <exception cref="ArgumentException">The environment is null or has no spaces.</exception>
    public static PpoPreset For(IEnvironment environment)
    {
        var preset = (MbpoPresets.For(environment) ?? MbpoPresets.Choose(environment)).Copy();
        (preset.Trainer.Steps, preset.Trainer.EpochLength) = (MoreSteps * preset.Trainer.Steps, MoreSteps * preset.Trainer.EpochLength);
        return preset.Ppo();
    }

    /// <summary>
    /// PPO on the same task: the steps, the epochs and everything else that belongs to the run are the preset's. The discount and the learning rate are those
    /// of its policy, and the steps of an update are a thirtieth of the run's, from 64 to 2048.
    /// </summary>
    /// <param name="preset">The settings of MBPO for the task, from which these follow.</param>
    /// <returns>A new preset; the given one stays as it is.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public static PpoPreset Ppo(this MbpoPreset preset)
    {
        ArgumentNullException.ThrowIfNull(preset);
        preset = preset.Copy();
        var (result, defaults) = (new PpoPreset(), new PpoTrainer.Options());
        var trainer = result.Trainer;
        preset.Trainer.CopyRunTo(trainer);
        (trainer.InitialExplorationSteps, trainer.ModelReturnRollouts) = (defaults.InitialExplorationSteps, defaults.ModelReturnRollouts);
        trainer.Overlap = OverlappedStages.None;
        trainer.StepsPerUpdate = Math.Min(Math.Clamp(trainer.Steps / Updates, LeastSteps, MostSteps), trainer.RealPoolCapacity);
        (result.Policy.Discount, result.Policy.LearningRate) = (preset.Policy.Discount, preset.Policy.LearningRate);
        result.Policy.Device = preset.Policy.Device;
        return result;
    }
}
