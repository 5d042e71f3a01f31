using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Policies.SoftActorCritic;

namespace MbpoML.Algorithms.Mbpo.Presets;

/// <content>Presets for tasks of one's own. What is not set here is the paper's.</content>
public static partial class MbpoPresets
{
    // Of the paper's and gym's tasks; also where an environment without a limit is cut.
    private const int LongestEpisode = 1000;
    // Ours, for environments that do not say how long their episodes are.
    private const int UnknownEpisode = 200;

    /// <summary>The preset that <c>Mbpo</c> of <see cref="ReinforcementCatalog"/>
    /// takes where nothing is given and <see cref="For"/> has none: <see cref="Small"/>, <see cref="Medium"/> or <see cref="Paper"/>.</summary>
    /// <param name="environment">
    /// Its sizes and <see cref="IEnvironment.MaxEpisodeSteps"/> decide: Small for at most 16 observations, 4 actions and 500 steps (or an unknown number),
    /// Medium for at most 40 and 8, else Paper.
    /// </param>
    /// <returns>A new object that may be changed freely.</returns>
    /// <exception cref="ArgumentException">The environment is null or has no spaces.</exception>
    public static MbpoPreset Choose(IEnvironment environment) => PresetChoice.For(environment).Preset;

    /// <summary>For tasks of a few numbers, in whatever units: some thousand steps in a minute or two on two cores.</summary>
    /// <param name="environment">The task, whose episode length decides exploration, horizon and evaluation.</param>
    /// <returns>A new object that may be changed freely.</returns>
    /// <exception cref="ArgumentException">The environment is null or has no spaces.</exception>
    public static MbpoPreset Small(IEnvironment environment)
    {
        environment.RequireSpaces();
        var episode = Math.Clamp(environment.MaxEpisodeSteps ?? UnknownEpisode, 1, LongestEpisode);
        return new MbpoPreset
        {
            Trainer = new MbpoTrainer.Options
            {
                Steps = 6000,
                EpochLength = 400,
                InitialExplorationSteps = 400,
                ExplorationActionHold = 3,
                ModelTrainingInterval = 200,
                UpdatesPerStep = 20,
                RealRatio = 0.2,
                MaxEpisodeSteps = Math.Max(LongestEpisode, environment.MaxEpisodeSteps ?? 0),
                EvaluationEpisodes = 3,
            },
            Dynamics = new ProbabilisticEnsembleTrainer.Options
            {
                HiddenSizes = [64, 64, 64],
                LearningRate = 2e-3,
                BatchSize = 128,
                Patience = 30,
                MaxOptimizerSteps = 800,
                TargetNormalization = true,
                Workers = BothCores,
            },
            Rollouts = new BranchedRollouts.Options { Schedule = RolloutSchedule.Constant(3), BatchSize = 10_000 },
            Policy = new SoftActorCriticTrainer.Options
            {
                HiddenSizes = [64, 64],
                LearningRate = 1e-3,
                Discount = Discount(episode),
                TargetSmoothing = 0.01,
                StandardizeObservations = true,
                NormalizeRewards = true,
                Workers = BothCores,
            },
        };
    }

    /// <summary>For tasks between those of a few numbers and the paper's robots: some ten thousand steps.</summary>
    /// <param name="environment">The task, whose episode length decides exploration, horizon and evaluation.</param>
    /// <returns>A new object that may be changed freely.</returns>
    /// <exception cref="ArgumentException">The environment is null or has no spaces.</exception>
    public static MbpoPreset Medium(IEnvironment environment)
    {
        environment.RequireSpaces();
        var episode = Math.Clamp(environment.MaxEpisodeSteps ?? UnknownEpisode, 1, LongestEpisode);
        return new MbpoPreset
        {
            Trainer = new MbpoTrainer.Options
            {
                Steps = 15_000,
                InitialExplorationSteps = 1000,
                UpdatesPerStep = 10,
                MaxEpisodeSteps = Math.Max(LongestEpisode, environment.MaxEpisodeSteps ?? 0),
                EvaluationEpisodes = 3,
            },
            Dynamics = new ProbabilisticEnsembleTrainer.Options
            {
                HiddenSizes = [128, 128, 128],
                Patience = 10,
                TargetNormalization = true,
                Workers = BothCores,
            },
            Rollouts = new BranchedRollouts.Options { Schedule = RolloutSchedule.Linear(1, 10, 1, 5), BatchSize = 20_000 },
            Policy = new SoftActorCriticTrainer.Options
            {
                HiddenSizes = [128, 128],
                Discount = Discount(episode),
                StandardizeObservations = true,
                NormalizeRewards = true,
                Workers = BothCores,
            },
        }.Fast();
    }

    /// <summary>
    /// The paper's settings for its robots, which are the defaults of all options: 20,000 steps, networks of 200 and 256 units, no scaling of observations or
    /// rewards.
    /// </summary>
    /// <returns>A new object that may be changed freely.</returns>
    public static MbpoPreset Paper() => new();

    // The results are the same with one, bit for bit.
    private static int BothCores => Math.Min(2, Environment.ProcessorCount);

    // A horizon 1 / (1 - γ) of a third of an episode, between 30 steps and the paper's 100.
    private static double Discount(int episode) => 1 - (1 / Math.Clamp(episode / 3.0, 30, 100));
}
