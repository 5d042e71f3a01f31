using System.Runtime.CompilerServices;
using MbpoML.Algorithms.MeTrpo;
using MbpoML.Algorithms.MeTrpo.Presets;
using MbpoML.Algorithms.Ppo;
using MbpoML.Algorithms.Ppo.Presets;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Policies;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML;

/// <content>The algorithms that learn from whole episodes, imagined or real.</content>
public sealed partial class ReinforcementCatalog
{
    /// <summary>
    /// ME-TRPO of an environment (ICLR 2018): a policy learns from whole episodes that an ensemble imagines, as long as most of its members agree that it gets
    /// better. Ready to <see cref="MeTrpoTrainer.Fit()"/>.
    /// </summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="options">The loop's settings. Default: the task's preset (<see cref="MeTrpoPresets.For"/>).</param>
    /// <param name="dynamics">Stage 1: makes the learner of the model. Default: the preset's or, with options, the ensemble of the paper.</param>
    /// <param name="rollouts">Stage 2: where imagined episodes begin. Default: the preset's or, with options, where the environment is reset.</param>
    /// <param name="policy">Stage 3: makes a learner of whole episodes whose policy is a vector of numbers (<see cref="IEpisodeLearner"/>,
    /// <see cref="IParameterizedLearner"/>). Default: the preset's or, with options, the trust region with 500 episodes an update.</param>
    /// <param name="progress">Receives signs of life, such as <see cref="Progress.Console"/>. Default: the receiver of the options, if there is one.</param>
    /// <exception cref="ArgumentException">An option is out of range, the environment cannot be reset within an episode, or it has no spaces, infinite action
    /// bounds, or other sizes than the one for evaluation.</exception>
    [OverloadResolutionPriority(1)]
    public MeTrpoTrainer MeTrpo(
        IEnvironment environment,
        MeTrpoTrainer.Options? options = null,
        IDynamicsEstimator? dynamics = null,
        EpisodeRollouts? rollouts = null,
        IPolicyEstimator? policy = null,
        IProgress<TrainingProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        environment.RequireSpaces();
        var preset = options is null ? MeTrpoPresets.For(environment) : new MeTrpoPreset { Trainer = options };
        return new MeTrpoTrainer(
            _context,
            environment,
            Reporting(preset.Trainer, progress),
            dynamics ?? Dynamics.ProbabilisticEnsemble(preset.Dynamics),
            rollouts ?? Rollouts.Episodes(preset.Rollouts),
            policy ?? Policies.TrustRegion(preset.Policy));
    }

    /// <summary>ME-TRPO with all settings of a preset, changed where you like.</summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="preset">The settings of loop and stages, such as <see cref="MeTrpoPresets.For"/> makes them.</param>
    /// <param name="progress">Receives signs of life, such as <see cref="Progress.Console"/>. Default: the receiver of the preset, if there is one.</param>
    /// <exception cref="ArgumentException">An option is out of range, a part of the preset is null, or the environment cannot be trained on.</exception>
    public MeTrpoTrainer MeTrpo(IEnvironment environment, MeTrpoPreset preset, IProgress<TrainingProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(preset);
        preset.Validate();
        return MeTrpo(
            environment, preset.Trainer, Dynamics.ProbabilisticEnsemble(preset.Dynamics), Rollouts.Episodes(preset.Rollouts),
            Policies.TrustRegion(preset.Policy), progress);
    }

    /// <summary>ME-TRPO with a model of ML.NET, which each fit makes anew. It counts as one member of the validation.</summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="options">The settings of the training loop.</param>
    /// <param name="dynamics">Stage 1: any estimator that keeps the column contract.</param>
    /// <param name="rollouts">Stage 2: where imagined episodes begin. Default: where the environment is reset.</param>
    /// <param name="policy">Stage 3: makes a learner of whole episodes whose policy is a vector of numbers. Default: the trust region with 500 episodes an
    /// update.</param>
    /// <exception cref="ArgumentException">An option is out of range, the environment cannot be reset within an episode, or it cannot be trained
    /// on.</exception>
    public MeTrpoTrainer MeTrpo(
        IEnvironment environment, MeTrpoTrainer.Options options, IEstimator<ITransformer> dynamics, EpisodeRollouts? rollouts = null,
        IPolicyEstimator? policy = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dynamics);
        var preset = new MeTrpoPreset();
        return new MeTrpoTrainer(
            _context, environment, options, dynamics, rollouts ?? Rollouts.Episodes(preset.Rollouts), policy ?? Policies.TrustRegion(preset.Policy));
    }

    /// <summary>
    /// Proximal policy optimization of an environment, without a model: the baseline that learns from its own steps alone. Ready to
    /// <see cref="PpoTrainer.Fit()"/>.
    /// </summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="options">The loop's settings. Default: the task's preset (<see cref="PpoPresets.For"/>).</param>
    /// <param name="policy">Makes a learner of whole episodes (<see cref="IEpisodeLearner"/>); <c>rl.Policies.TrustRegion</c> makes TRPO of it. Default: the
    /// preset's or, with options, proximal policy optimization with its own defaults.</param>
    /// <param name="progress">Receives signs of life, such as <see cref="Progress.Console"/>. Default: the receiver of the options, if there is one.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the environment has no spaces, infinite action bounds, or other sizes than the one for
    /// evaluation.</exception>
    [OverloadResolutionPriority(1)]
    public PpoTrainer Ppo(
        IEnvironment environment, PpoTrainer.Options? options = null, IPolicyEstimator? policy = null, IProgress<TrainingProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        environment.RequireSpaces();
        var preset = options is null ? PpoPresets.For(environment) : new PpoPreset { Trainer = options };
        return new PpoTrainer(_context, environment, Reporting(preset.Trainer, progress), policy ?? Policies.Proximal(preset.Policy));
    }

    /// <summary>Proximal policy optimization of an environment with all settings of a preset, changed where you like.</summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="preset">The settings of loop and policy, such as <see cref="PpoPresets.For"/> makes them.</param>
    /// <param name="progress">Receives signs of life, such as <see cref="Progress.Console"/>. Default: the receiver of the preset, if there is one.</param>
    /// <exception cref="ArgumentException">An option is out of range, a part of the preset is null, or the environment cannot be trained on.</exception>
    public PpoTrainer Ppo(IEnvironment environment, PpoPreset preset, IProgress<TrainingProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(preset);
        preset.Validate();
        return Ppo(environment, preset.Trainer, Policies.Proximal(preset.Policy), progress);
    }
}
