using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Training;

namespace MbpoML.Algorithms.Pets.Presets;

/// <summary>Settings of PETS for a task.</summary>
public static class PetsPresets
{
    // Of the paper's robots; small tasks get networks in proportion.
    private const int LargeUnits = 200;

    /// <summary>
    /// The settings that <c>rl.Pets(environment)</c> takes where nothing is given: those that follow from the task's preset of MBPO, or from the one of its
    /// size, with epochs of one episode, and the reward of the analytic tasks known, as in the paper.
    /// </summary>
    /// <param name="environment">The environment that the settings are for, wrapped or not.</param>
    /// <returns>A new object that may be changed freely.</returns>
    /// <exception cref="ArgumentException">The environment is null or has no spaces.</exception>
    public static PetsPreset For(IEnvironment environment)
    {
        var preset = (MbpoPresets.For(environment) ?? MbpoPresets.Choose(environment)).Pets();
        var trainer = preset.Trainer;
        trainer.Reward ??= KnownReward(environment);
        if (environment.MaxEpisodeSteps is { } steps) (trainer.EpochLength, trainer.InitialExplorationSteps) = (steps, FirstSteps(trainer, steps));
        return preset;
    }

    /// <summary>
    /// PETS on the same task: the steps, the epochs and everything else that belongs to the run are the preset's. The ensemble is that of the paper, with the
    /// networks of MBPO's preset where those are small, and the planner is iCEM.
    /// </summary>
    /// <param name="preset">The settings of MBPO for the task, from which these follow.</param>
    /// <returns>A new preset; the given one stays as it is.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public static PetsPreset Pets(this MbpoPreset preset)
    {
        ArgumentNullException.ThrowIfNull(preset);
        preset = preset.Copy();
        var result = new PetsPreset();
        var defaults = new PetsTrainer.Options();
        preset.Trainer.CopyRunTo(result.Trainer);
        (result.Trainer.EvaluationEpisodes, result.Trainer.ModelReturnRollouts) = (defaults.EvaluationEpisodes, defaults.ModelReturnRollouts);
        result.Trainer.Overlap = OverlappedStages.None;
        var (dynamics, own) = (result.Dynamics, preset.Dynamics);
        (dynamics.Workers, dynamics.Device, dynamics.Acceleration) = (own.Workers, own.Device, own.Acceleration);
        if (own.HiddenSizes.Max() >= LargeUnits)
        {
            dynamics.HiddenSizes = [.. own.HiddenSizes];
            return result;
        }

        // Few transitions a trial: more epochs, and everything in the same unit, make up for the small number of optimizer steps.
        (dynamics.HiddenSizes, dynamics.TargetNormalization, dynamics.MaxEpochs) = ([.. own.HiddenSizes], true, 50);
        return result;
    }

    /// <summary>
    /// The cart-pole of the paper, in its settings (official code, config/cartpole.py): 50 episodes of 200 steps, three layers of 500 units, and the
    /// cross-entropy method with 400 sequences of 25 steps.
    /// </summary>
    public static PetsPreset CartPole()
    {
        var preset = Paper(steps: 50 * 200, episode: 200, horizon: 25, candidates: 400, elites: 40);
        (preset.Dynamics.HiddenSizes, preset.Dynamics.WeightDecays) = ([500, 500, 500], [1e-4, 2.5e-4, 2.5e-4, 5e-4]);
        return preset;
    }

    /// <summary>
    /// The HalfCheetah of the paper, in its settings (official code, config/halfcheetah.py): 300 episodes of 1000 steps, four layers of 200 units, and the
    /// cross-entropy method with 500 sequences of 30 steps.
    /// </summary>
    public static PetsPreset HalfCheetah() => Paper(steps: 300 * 1000, episode: 1000, horizon: 30, candidates: 500, elites: 50);

    /// <summary>The ensemble of the paper: five members that all predict, five epochs of minibatches of 32 rows after each episode, no holdout.</summary>
    internal static ProbabilisticEnsembleTrainer.Options Ensemble() =>
        new() { MemberCount = 5, EliteCount = 5, BatchSize = 32, HoldoutRatio = 0, MaxEpochs = 5 };

    // One episode at random, then whole episodes.
    private static PetsPreset Paper(int steps, int episode, int horizon, int candidates, int elites)
    {
        var preset = new PetsPreset();
        (preset.Trainer.Steps, preset.Trainer.EpochLength, preset.Trainer.InitialExplorationSteps) = (steps + episode, episode, episode);
        (preset.Trainer.MaxEpisodeSteps, preset.Trainer.Method) = (episode, PlanningMethod.CrossEntropy);
        preset.Planner.Horizon = horizon;
        (preset.CrossEntropy.Candidates, preset.CrossEntropy.Elites) = (candidates, elites);
        return preset;
    }

    // One episode at random; a task that needs more of MBPO keeps what it needs.
    private static int FirstSteps(TrainingOptions options, int episode) =>
        options.InitialExplorationSteps is { } steps && steps > 5 * episode ? steps : Math.Min(episode, Math.Max(1, options.Steps - 1));

    /// <summary>The reward of the analytic tasks, wrapped or not; null for any other.</summary>
    internal static IRewardFunction? KnownReward(IEnvironment environment) => environment switch
    {
        EnvironmentWrapper { IsOtherTask: true } => null,
        EnvironmentWrapper wrapper => KnownReward(wrapper.Inner),
        PendulumEnvironment => PendulumEnvironment.KnownReward,
        CartPoleSwingUpEnvironment => CartPoleSwingUpEnvironment.KnownReward,
        LineEnvironment => LineEnvironment.KnownReward,
        _ => null,
    };
}
