using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.Pets.Presets;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Training;

namespace MbpoML.Algorithms.MeTrpo.Presets;

/// <summary>Settings of ME-TRPO for a task.</summary>
public static class MeTrpoPresets
{
    // Of the paper's robots; small tasks get networks in proportion.
    private const int LargeUnits = 200;
    private const int LeastSteps = 20, MostSteps = 200;
    private const double ThirdHeldOut = 1.0 / 3;
    // The paper's, of each update.
    private const int ImaginedTransitions = 50_000;

    /// <summary>
    /// The settings that <c>rl.MeTrpo(environment)</c> takes where nothing is given: those that follow from the task's preset of MBPO, or from the one of its
    /// size, with the reward of the analytic tasks known, as in the paper.
    /// </summary>
    /// <param name="environment">The environment that the settings are for, wrapped or not.</param>
    /// <returns>A new object that may be changed freely.</returns>
    /// <exception cref="ArgumentException">The environment is null or has no spaces.</exception>
    public static MeTrpoPreset For(IEnvironment environment)
    {
        var preset = (MbpoPresets.For(environment) ?? MbpoPresets.Choose(environment)).MeTrpo();
        preset.Trainer.Reward ??= PetsPresets.KnownReward(environment);
        if (preset.Rollouts.Starts == StartStates.Resets && environment.AsStateful() is null) preset.Rollouts.Starts = StartStates.Episodes;
        return preset;
    }

    /// <summary>
    /// ME-TRPO on the same task: the steps, the epochs and everything else that belongs to the run are the preset's. Where its networks are small, so are those
    /// of the ensemble, an iteration has as many steps as its fits are apart, and imagined episodes begin at any real state and reach as far as its discount.
    /// </summary>
    /// <param name="preset">The settings of MBPO for the task, from which these follow.</param>
    /// <returns>A new preset; the given one stays as it is.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public static MeTrpoPreset MeTrpo(this MbpoPreset preset)
    {
        ArgumentNullException.ThrowIfNull(preset);
        preset = preset.Copy();
        var isSmall = preset.Dynamics.HiddenSizes.Max() < LargeUnits;
        var result = new MeTrpoPreset();
        var (trainer, dynamics, policy, own) = (result.Trainer, result.Dynamics, result.Policy, preset.Dynamics);
        preset.Trainer.CopyRunTo(trainer);
        trainer.Overlap = OverlappedStages.None;
        (dynamics.Workers, dynamics.Device, dynamics.Acceleration, policy.Device) = (own.Workers, own.Device, own.Acceleration, preset.Policy.Device);
        if (!isSmall) return result;
        trainer.StepsPerIteration = preset.Trainer.ModelTrainingInterval;
        (trainer.ValidationEpisodes, trainer.MaxPolicyIterations, trainer.ValidationPatience) = (100, 100, 40);
        // The noise of the authors takes most actions to their bounds, which few transitions cannot pay for.
        (trainer.ActionNoise, trainer.ParameterNoise) = (1, 1);
        (dynamics.HiddenSizes, dynamics.LearningRate, dynamics.BatchSize) = ([.. own.HiddenSizes], own.LearningRate, own.BatchSize);
        (dynamics.MaxOptimizerSteps, dynamics.RestartInterval, dynamics.WeightDecays) = (own.MaxOptimizerSteps, null, null);
        // From the start alone, noise at each step would hardly ever find what swings up.
        result.Rollouts.Starts = StartStates.Transitions;
        (policy.EpisodesPerUpdate, policy.Discount, policy.Lambda) = (100, preset.Policy.Discount, 0.95);
        policy.EpisodeSteps = Math.Clamp((int)Math.Round(1 / Math.Max(1e-6, 1 - preset.Policy.Discount)), LeastSteps, MostSteps);
        policy.DivergenceBound = 0.02;
        return result;
    }

    /// <summary>
    /// The half cheetah of the paper, in its settings (official code, params/half-cheetah.json): 100 iterations of 3000 steps after the first one, two layers
    /// of 1024 units, and 500 imagined episodes of 100 steps an update. Ant, snake and hopper have the same.
    /// </summary>
    public static MeTrpoPreset HalfCheetah() => Paper(horizon: 100, units: 1024);

    /// <summary>The swimmer of the paper (official code, params/swimmer.json): imagined and real episodes of 200 steps, 250 imagined ones an
    /// update, and two layers of 512 units.</summary>
    public static MeTrpoPreset Swimmer() => Paper(horizon: 200, units: 512);

    /// <summary>
    /// The swimmer of MBBL (T. Wang et al., "Benchmarking model-based reinforcement learning", 2019, arXiv:1907.02057) in its settings
    /// (WilsonWangTHU/mbbl-metrpo, configs/params_gym_fswimmer.json). There are 33 iterations of 6000 real steps, and 20 updates of 50,000 imagined
    /// transitions in each fitted model, of 200 steps an episode. The networks have four layers of 1000 units. The discount is 0.99, λ 0.95, and the damping
    /// 0.1. Actions are drawn from the policy, whose deviation is never reset.
    /// </summary>
    /// <remarks>MBBL has no validation rule: here a policy is kept unless every member finds it worse.</remarks>
    public static MeTrpoPreset BenchmarkSwimmer() => Benchmark(imaginedSteps: 200);

    /// <summary>
    /// The half cheetah of MBBL in its settings (configs/params_half_cheetah_template.json): those of <see cref="BenchmarkSwimmer"/>, with imagined episodes of
    /// 1000 steps.
    /// </summary>
    /// <remarks>
    /// MBBL has no validation rule: here a policy is kept unless every member finds it worse. The 20 updates are those of its
    /// exp_script/metrpo_gym_search_new.sh, which fills the template in; the stored configs/params_half_cheetah.json has 40.
    /// </remarks>
    public static MeTrpoPreset BenchmarkHalfCheetah() => Benchmark(imaginedSteps: 1000);

    /// <summary>
    /// The ensemble of the paper: five deterministic networks that all predict, each with all rows in an order of its own, of which a third of the episodes is
    /// held out. They start afresh every fifth time.
    /// </summary>
    internal static ProbabilisticEnsembleTrainer.Options Ensemble() => new()
    {
        MemberCount = 5,
        EliteCount = 5,
        HiddenSizes = [1024, 1024],
        WeightDecays = [0, 0, 0],
        Loss = DynamicsLoss.SquaredError,
        TargetNormalization = true,
        Bootstrap = false,
        KeepMoments = false,
        RestartInterval = 5,
        HoldoutRatio = ThirdHeldOut,
        HoldsOutEpisodes = true,
        BatchSize = 1000,
        Patience = 25,
        ImprovementThreshold = 0,
        MaxEpochs = 2000,
    };

    private static MeTrpoPreset Benchmark(int imaginedSteps)
    {
        const int updates = 20;
        var preset = new MeTrpoPreset();
        var (trainer, policy) = (preset.Trainer, preset.Policy);
        (trainer.StepsPerIteration, trainer.EpochLength, trainer.InitialExplorationSteps, trainer.Steps) = (6000, 6000, 6000, 33 * 6000);
        (trainer.MaxEpisodeSteps, trainer.MaxPolicyIterations, trainer.ValidationPatience) = (1000, updates, updates);
        (trainer.ValidationShare, trainer.ActionNoise, trainer.ParameterNoise, trainer.ResetsDeviation) = (0.01, null, 0, false);
        preset.Dynamics.HiddenSizes = [1000, 1000, 1000, 1000];
        preset.Dynamics.WeightDecays = [0, 0, 0, 0, 0];
        (policy.EpisodesPerUpdate, policy.EpisodeSteps) = (ImaginedTransitions / imaginedSteps, imaginedSteps);
        (policy.Discount, policy.Lambda, policy.Damping) = (0.99, 0.95, 0.1);
        return preset;
    }

    private static MeTrpoPreset Paper(int horizon, int units)
    {
        var preset = new MeTrpoPreset();
        var iteration = preset.Trainer.StepsPerIteration;
        (preset.Trainer.Steps, preset.Trainer.EpochLength) = (101 * iteration, iteration);
        (preset.Trainer.MaxEpisodeSteps, preset.Policy.EpisodeSteps, preset.Dynamics.HiddenSizes) = (horizon, horizon, [units, units]);
        preset.Policy.EpisodesPerUpdate = ImaginedTransitions / horizon;
        return preset;
    }
}
