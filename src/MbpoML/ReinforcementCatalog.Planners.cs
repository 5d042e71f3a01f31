using System.Runtime.CompilerServices;
using MbpoML.Algorithms.Pets;
using MbpoML.Algorithms.Pets.Presets;
using MbpoML.Algorithms.PlaNet;
using MbpoML.Algorithms.PlaNet.Presets;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Latent;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Planning;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML;

/// <content>The algorithms that learn no policy: each action is planned with a model.</content>
public sealed partial class ReinforcementCatalog
{
    /// <summary>
    /// PETS of an environment (NeurIPS 2018): no policy is learned, each action is planned with an ensemble that is fitted after each episode. Ready to
    /// <see cref="PetsTrainer.Fit()"/>.
    /// </summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="options">The loop's settings. Default: the task's preset (<see cref="PetsPresets.For"/>).</param>
    /// <param name="dynamics">Makes the learner of the model. Default: the preset's or, with options, the ensemble of the paper.</param>
    /// <param name="optimizer">Looks for the action sequences (<see cref="Planning"/>). Default: the preset's or, with options, the one that
    /// <see cref="PetsTrainer.Options.Method"/> names, with its own defaults.</param>
    /// <param name="planner">How far and with how many particles the planner imagines. Default: the preset's or, with options, 25 steps and 20
    /// particles.</param>
    /// <param name="progress">Receives signs of life, such as <see cref="Progress.Console"/>. Default: the receiver of the options, if there is one.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the environment has no spaces, infinite action bounds, or other sizes than the one for
    /// evaluation.</exception>
    [OverloadResolutionPriority(1)]
    public PetsTrainer Pets(
        IEnvironment environment,
        PetsTrainer.Options? options = null,
        IDynamicsEstimator? dynamics = null,
        IActionSequenceOptimizer? optimizer = null,
        PlanningTransformer.Options? planner = null,
        IProgress<TrainingProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        environment.RequireSpaces();
        var preset = options is null ? PetsPresets.For(environment) : new PetsPreset { Trainer = options };
        return new PetsTrainer(
            _context,
            environment,
            Reporting(preset.Trainer, progress),
            dynamics ?? Dynamics.ProbabilisticEnsemble(preset.Dynamics),
            optimizer ?? preset.CreateOptimizer(),
            planner ?? preset.Planner);
    }

    /// <summary>PETS with all settings of a preset, changed where you like.</summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="preset">The settings of loop, model, planner and optimizers, such as <see cref="PetsPresets.For"/> makes them.</param>
    /// <param name="progress">Receives signs of life, such as <see cref="Progress.Console"/>. Default: the receiver of the preset, if there is one.</param>
    /// <exception cref="ArgumentException">An option is out of range, a part of the preset is null, or the environment cannot be trained on.</exception>
    public PetsTrainer Pets(IEnvironment environment, PetsPreset preset, IProgress<TrainingProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(preset);
        preset.Validate();
        return Pets(
            environment, preset.Trainer, Dynamics.ProbabilisticEnsemble(preset.Dynamics), preset.CreateOptimizer(), preset.Planner, progress);
    }

    /// <summary>PETS with a model of ML.NET, which each fit makes anew.</summary>
    /// <param name="environment">The task. The caller keeps and disposes it.</param>
    /// <param name="options">The settings of the training loop.</param>
    /// <param name="dynamics">Any estimator that keeps the column contract.</param>
    /// <param name="optimizer">Looks for the action sequences. Default: the one that <see cref="PetsTrainer.Options.Method"/> names.</param>
    /// <param name="planner">How far and with how many particles the planner imagines. Default: 25 steps.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the environment cannot be trained on.</exception>
    public PetsTrainer Pets(
        IEnvironment environment, PetsTrainer.Options options, IEstimator<ITransformer> dynamics, IActionSequenceOptimizer? optimizer = null,
        PlanningTransformer.Options? planner = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dynamics);
        return new PetsTrainer(
            _context, environment, options, dynamics, optimizer ?? new PetsPreset { Trainer = options }.CreateOptimizer(),
            planner ?? new PlanningTransformer.Options());
    }

    /// <summary>PlaNet of an environment of frames: a latent model is learned, and each action is planned in it. Ready to
    /// <see cref="PlaNetTrainer.Fit"/>.</summary>
    /// <param name="environment">The task, an <see cref="IPixelEnvironment"/>. The caller keeps and disposes it.</param>
    /// <param name="options">The loop's settings. Default: those of <see cref="PlaNetPresets.For"/>.</param>
    /// <param name="dynamics">Makes the learner of the latent model. Default: that of <see cref="PlaNetPresets.For"/>.</param>
    /// <param name="optimizer">Looks for the action sequences (<see cref="Planning"/>). Default: the cross-entropy method of
    /// <see cref="PlaNetPresets.For"/>.</param>
    /// <param name="planner">How far the planner imagines. Default: 12 steps without a warm start.</param>
    /// <param name="progress">Receives signs of life, such as <see cref="Progress.Console"/>. Default: the receiver of the options, if there is one.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the environment has no spaces, no frames, infinite action bounds, or other sizes
    /// than the one for evaluation.</exception>
    [OverloadResolutionPriority(1)]
    public PlaNetTrainer PlaNet(
        IEnvironment environment,
        PlaNetTrainer.Options? options = null,
        ILatentDynamicsEstimator? dynamics = null,
        IActionSequenceOptimizer? optimizer = null,
        PlanningTransformer.Options? planner = null,
        IProgress<TrainingProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var preset = PlaNetPresets.For(environment);
        return new PlaNetTrainer(
            _context,
            environment,
            Reporting(options ?? preset.Trainer, progress),
            dynamics ?? Dynamics.RecurrentStateSpace(preset.Dynamics),
            optimizer ?? Planning.CrossEntropy(preset.CrossEntropy),
            planner ?? preset.Planner);
    }

    /// <summary>PlaNet with all settings of a preset, changed where you like.</summary>
    /// <param name="environment">The task, an <see cref="IPixelEnvironment"/>. The caller keeps and disposes it.</param>
    /// <param name="preset">The settings of loop, model, planner and optimizer, such as <see cref="PlaNetPresets.For"/> makes them.</param>
    /// <param name="progress">Receives signs of life, such as <see cref="Progress.Console"/>. Default: the receiver of the preset, if there is one.</param>
    /// <exception cref="ArgumentException">An option is out of range, a part of the preset is null, or the environment cannot be trained on.</exception>
    public PlaNetTrainer PlaNet(IEnvironment environment, PlaNetPreset preset, IProgress<TrainingProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(preset);
        preset.Validate();
        return PlaNet(
            environment, preset.Trainer, Dynamics.RecurrentStateSpace(preset.Dynamics), Planning.CrossEntropy(preset.CrossEntropy), preset.Planner, progress);
    }
}
