using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Training;
using MbpoML.Training.Presets;
using MbpoML.Training.Schedules;

namespace MbpoML.Algorithms.Mbpo.Presets;

/// <summary>
/// The settings of the loop and of its three stages, together. A new one holds the paper's defaults; <see cref="MbpoPresets"/> has tuned ones.
/// </summary>
public sealed class MbpoPreset : AlgorithmPreset
{
    private const int FastOptimizerSteps = 2000;
    private const int FastLongestInterval = 8;

    // Of soft actor-critic.
    private const int PublishedUpdatesPerStep = 1;

    /// <summary>The settings of the training loop.</summary>
    public MbpoTrainer.Options Trainer { get; init; } = new();

    /// <summary>The settings of stage 1, the dynamics model.</summary>
    public ProbabilisticEnsembleTrainer.Options Dynamics { get; init; } = new();

    /// <summary>The settings of stage 2, the rollouts.</summary>
    public BranchedRollouts.Options Rollouts { get; init; } = new();

    /// <summary>The settings of stage 3, the policy learner.</summary>
    public SoftActorCriticTrainer.Options Policy { get; init; } = new();

    /// <summary>
    /// The same settings with less training of the model. It is refitted when the data has grown by a twentieth (<see cref="ModelTrainingSchedule.Growing"/>,
    /// at most 8 times as rarely). Each fit has at most 2000 optimizer steps, so that its cost does not grow with the data. Rollouts are branched as often as
    /// before.
    /// </summary>
    /// <returns>A new preset; this one stays as it is. A schedule or a lower cap that is set already is kept.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public MbpoPreset Fast()
    {
        var fast = Copy();
        var interval = fast.Trainer.ModelTrainingInterval;
        fast.Trainer.ModelTrainingSchedule ??= ModelTrainingSchedule.Growing(interval, (int)Math.Min(FastLongestInterval * (long)interval, int.MaxValue));
        fast.Dynamics.MaxOptimizerSteps = Math.Min(fast.Dynamics.MaxOptimizerSteps ?? FastOptimizerSteps, FastOptimizerSteps);
        return fast;
    }

    /// <summary>
    /// Soft actor-critic alone: every row of a minibatch is real and no model is fitted. With one update a step it is the baseline of the paper's figure 2,
    /// with more the paper's ablation "no model".
    /// </summary>
    /// <remarks>
    /// The baseline has the target entropy that soft actor-critic was published with, minus the number of action dimensions (official code,
    /// examples/development/variants.py: "auto"). MBPO's presets set others by task. The ablation keeps the preset's, so that nothing but the model differs. To
    /// choose otherwise, set <see cref="SoftActorCriticTrainer.Options.TargetEntropy"/> of the new preset.
    /// </remarks>
    /// <param name="updatesPerStep">
    /// Policy updates per environment step, at least 0. Default: 1, as SAC was published (T. Haarnoja et al., arXiv:1812.05905, table 1). Give
    /// <see cref="Trainer"/>'s own number for the paper's ablation "no model, the same updates".
    /// </param>
    /// <returns>A new preset; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public MbpoPreset WithoutModel(int updatesPerStep = PublishedUpdatesPerStep)
    {
        var baseline = Copy();
        (baseline.Trainer.RealRatio, baseline.Trainer.UpdatesPerStep) = (1, Check.AtLeast(0, updatesPerStep));
        if (updatesPerStep == PublishedUpdatesPerStep) baseline.Policy.TargetEntropy = null;
        // It would ask the model.
        baseline.Policy.ValueExpansionSteps = 0;
        return baseline;
    }

    /// <summary>
    /// Dyna (R. Sutton, "Dyna, an integrated architecture for learning, planning, and reacting", 1991) in the terms of the paper's ablation: the same settings,
    /// but imagined rollouts of one step.
    /// </summary>
    /// <returns>A new preset; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public MbpoPreset Dyna()
    {
        var baseline = Copy();
        baseline.Rollouts.Schedule = RolloutSchedule.Constant(1);
        return baseline;
    }

    /// <summary>A copy that later changes by the caller leave alone.</summary>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public MbpoPreset Copy()
    {
        Validate();
        return new MbpoPreset { Trainer = Trainer.Copy(), Dynamics = Dynamics.Copy(), Rollouts = Rollouts.Copy(), Policy = Policy.Copy() };
    }

    /// <inheritdoc/>
    public override TrainingOptions TrainerOptions => Trainer;

    /// <inheritdoc/>
    public override double Discount => Policy.Discount;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">It is neither 1 nor 2.</exception>
    public override void UseWorkers(int workers)
    {
        Check.Within(1, 2, workers);
        Policy.Workers = Dynamics.Workers = workers;
    }

    /// <inheritdoc/>
    public override AlgorithmPreset CopyPreset() => Copy();

    internal override IReadOnlyList<PresetOption> Options =>
        PresetOption.Of((nameof(Trainer), Trainer), (nameof(Dynamics), Dynamics), (nameof(Rollouts), Rollouts), (nameof(Policy), Policy));

    internal override void Validate()
    {
        ArgumentNullException.ThrowIfNull(Trainer);
        ArgumentNullException.ThrowIfNull(Dynamics);
        ArgumentNullException.ThrowIfNull(Rollouts);
        ArgumentNullException.ThrowIfNull(Policy);
        Trainer.Validate();
        Dynamics.Validate();
        Rollouts.Validate();
        Policy.Validate();
    }
}
