using System.Runtime.CompilerServices;
using MbpoML.Algorithms.DoubleHorizon;
using MbpoML.Algorithms.DoubleHorizon.Presets;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.Mbpo.Sweeps;
using MbpoML.Components;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.Extensions.Logging;
using Microsoft.ML;

namespace MbpoML;

/// <content>The algorithms: each is a trainer, made from an environment, its options and its stages.</content>
public sealed partial class ReinforcementCatalog
{
    /// <summary>Model-Based Policy Optimization of an environment, ready to <see cref="MbpoTrainer.Fit()"/>.</summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="options">
    /// The loop's settings. Default: the task's preset where there is one (<see cref="MbpoPresets.For"/>), else the one of <see cref="MbpoPresets.Choose"/>,
    /// which a log line names.
    /// </param>
    /// <param name="dynamics">Stage 1: any estimator that keeps the column contract. Default: the preset's or, with options, the paper's probabilistic
    /// ensemble.</param>
    /// <param name="rollouts">Stage 2. Default: the preset's or, with options, 100,000 rollouts of length 1.</param>
    /// <param name="policy">Stage 3. Default: the preset's or, with options, the paper's soft actor-critic.</param>
    /// <param name="progress">Receives signs of life, such as <see cref="Progress.Console"/>. Default: the receiver of the options, if there is one.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the environment has no spaces, infinite action bounds, or other sizes than the one for
    /// evaluation.</exception>
    /// <remarks>Where options are given, the other stages default to the paper's and no preset is used: what you write is what runs.</remarks>
    // So that "new() { ... }" means the options.
    [OverloadResolutionPriority(1)]
    public MbpoTrainer Mbpo(
        IEnvironment environment,
        MbpoTrainer.Options? options = null,
        IEstimator<ITransformer>? dynamics = null,
        BranchedRollouts? rollouts = null,
        IPolicyEstimator? policy = null,
        IProgress<TrainingProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var preset = options is null ? PresetFor(environment) : new MbpoPreset { Trainer = options };
        return new MbpoTrainer(
            _context,
            environment,
            Reporting(preset.Trainer, progress),
            dynamics ?? Dynamics.ProbabilisticEnsemble(preset.Dynamics),
            rollouts ?? Rollouts.Branched(preset.Rollouts),
            policy ?? Policies.SoftActorCritic(preset.Policy));
    }

    /// <summary>Model-Based Policy Optimization with a dynamics model of your own on tensors, which a run fits again and again from where it is.</summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="options">The settings of the training loop.</param>
    /// <param name="dynamics">Stage 1: makes the learner of the model.</param>
    /// <param name="rollouts">Stage 2. Default: 100,000 rollouts of length 1.</param>
    /// <param name="policy">Stage 3. Default: the paper's soft actor-critic.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the environment has no spaces, infinite action bounds, or other sizes than the one for
    /// evaluation.</exception>
    public MbpoTrainer Mbpo(IEnvironment environment, MbpoTrainer.Options options, IDynamicsEstimator dynamics, BranchedRollouts? rollouts = null,
        IPolicyEstimator? policy = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dynamics);
        return new MbpoTrainer(
            _context, environment, options, dynamics, rollouts ?? Rollouts.Branched(new BranchedRollouts.Options()),
            policy ?? Policies.SoftActorCritic(new SoftActorCriticTrainer.Options()));
    }

    /// <summary>Model-Based Policy Optimization with all settings of a preset, changed where you like.</summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="preset">The settings of the loop and its stages, such as <see cref="MbpoPresets.Small"/>.</param>
    /// <param name="progress">Receives signs of life, such as <see cref="Progress.Console"/>. Default: the receiver of the preset, if there is one.</param>
    /// <exception cref="ArgumentException">An option is out of range, a part of the preset is null, or the environment cannot be trained on.</exception>
    public MbpoTrainer Mbpo(IEnvironment environment, MbpoPreset preset, IProgress<TrainingProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(preset);
        preset.Validate();
        return Mbpo(
            environment, preset.Trainer, Dynamics.ProbabilisticEnsemble(preset.Dynamics), Rollouts.Branched(preset.Rollouts),
            Policies.SoftActorCritic(preset.Policy), progress);
    }

    /// <summary>The same on several seeds side by side, one thread each, ready to <see cref="SeedSweep.Train"/>.</summary>
    /// <param name="environment">Makes the task for a seed, on the thread that will call it. Each seed has its own, which that thread disposes when the run is
    /// over.</param>
    /// <param name="options">What each seed runs with. Default: the task's preset where there is one, else the one of <see cref="MbpoPresets.Choose"/>; as many
    /// threads as there are cores.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range. What is wrong with a seed's environment or settings, its
    /// <see cref="SeedRun.Exception"/> says.</exception>
    public SeedSweep MbpoSeeds(Func<int, IEnvironment> environment, SeedSweep.Options? options = null) =>
        new(_context, (mlContext, task, preset) => mlContext.Reinforcement().Mbpo(task, preset), environment, options ?? new SeedSweep.Options());

    /// <summary>
    /// Double-horizon MBPO of an environment (TMLR 2025): the policy is improved through the model, with one update for each real step. Ready to
    /// <see cref="DoubleHorizonTrainer.Fit()"/>.
    /// </summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="options">The loop's settings. Default: the task's preset (<see cref="DoubleHorizonPresets.For"/>).</param>
    /// <param name="dynamics">Stage 1: makes the learner of a model that gives the gradient of an imagined step. Default: the preset's or, with options, the
    /// homoscedastic ensemble with its own defaults.</param>
    /// <param name="rollouts">Stage 2. Default: the preset's or, with options, 256 rollouts of 20 steps before every 20th update.</param>
    /// <param name="policy">Stage 3: makes a learner that imagines from start states (<see cref="IStartStateLearner"/>). Default: the preset's or, with
    /// options, the value gradient with its own defaults.</param>
    /// <param name="progress">Receives signs of life, such as <see cref="Progress.Console"/>. Default: the receiver of the options, if there is one.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the environment has no spaces, infinite action bounds, or other sizes than the one for
    /// evaluation.</exception>
    [OverloadResolutionPriority(1)]
    public DoubleHorizonTrainer DoubleHorizonMbpo(
        IEnvironment environment,
        DoubleHorizonTrainer.Options? options = null,
        IDynamicsEstimator? dynamics = null,
        DistributionRollouts? rollouts = null,
        IPolicyEstimator? policy = null,
        IProgress<TrainingProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var preset = options is null ? PresetFor(environment).DoubleHorizon() : new DoubleHorizonPreset { Trainer = options };
        return new DoubleHorizonTrainer(
            _context,
            environment,
            Reporting(preset.Trainer, progress),
            dynamics ?? Dynamics.HomoscedasticEnsemble(preset.Dynamics),
            rollouts ?? Rollouts.Distribution(preset.Rollouts),
            policy ?? Policies.ValueGradient(preset.Policy));
    }

    /// <summary>Double-horizon MBPO with all settings of a preset, changed where you like.</summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="preset">The settings of the loop and its stages, such as <see cref="DoubleHorizonPresets.For"/> makes them.</param>
    /// <param name="progress">Receives signs of life, such as <see cref="Progress.Console"/>. Default: the receiver of the preset, if there is one.</param>
    /// <exception cref="ArgumentException">An option is out of range, a part of the preset is null, or the environment cannot be trained on.</exception>
    public DoubleHorizonTrainer DoubleHorizonMbpo(IEnvironment environment, DoubleHorizonPreset preset, IProgress<TrainingProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(preset);
        preset.Validate();
        return DoubleHorizonMbpo(
            environment, preset.Trainer, Dynamics.HomoscedasticEnsemble(preset.Dynamics), Rollouts.Distribution(preset.Rollouts),
            Policies.ValueGradient(preset.Policy), progress);
    }

    /// <summary>An algorithm of your own, run as those of MbpoML are.</summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="options">The settings of the run.</param>
    /// <param name="algorithm">Makes the algorithm when a run begins, from the sizes, the seed and the pool of the run.</param>
    /// <param name="stages">
    /// The parts of the algorithm that decide what is learned, by what they are for, such as "policy": a resumed run must have the same types, and the same
    /// options of those that are an <see cref="IStage"/>. Default: none.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of range, or the environment has no spaces, infinite action bounds, or other sizes than the one for
    /// evaluation.</exception>
    public AlgorithmTrainer Train(
        IEnvironment environment, TrainingOptions options, Func<AlgorithmSetup, IAlgorithm> algorithm, IReadOnlyDictionary<string, object>? stages = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(algorithm);
        return new AlgorithmTrainer(_context, environment, options, algorithm, stages ?? new Dictionary<string, object>());
    }

    // The caller's options stay as they are.
    private static T Reporting<T>(T options, IProgress<TrainingProgress>? progress)
        where T : TrainingOptions
    {
        if (progress is null) return options;
        var copy = (T)options.Copied();
        copy.Progress = progress;
        return copy;
    }

    private MbpoPreset PresetFor(IEnvironment environment)
    {
        if (MbpoPresets.For(environment) is { } own) return own;
        var choice = PresetChoice.For(environment);
        choice.Log(_context.CreateLogger("MbpoML.Training"));
        return choice.Preset;
    }
}
