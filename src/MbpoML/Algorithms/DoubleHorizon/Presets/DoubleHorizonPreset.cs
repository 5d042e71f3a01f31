using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Policies.ValueGradient;
using MbpoML.Training;
using MbpoML.Training.Presets;

namespace MbpoML.Algorithms.DoubleHorizon.Presets;

/// <summary>
/// The settings of double-horizon MBPO and of its three stages, together. A new one holds the options' defaults; <see cref="DoubleHorizonPresets"/> makes those
/// of a task.
/// </summary>
public sealed class DoubleHorizonPreset : AlgorithmPreset
{
    /// <summary>The settings of the training loop.</summary>
    public DoubleHorizonTrainer.Options Trainer { get; init; } = new();

    /// <summary>The settings of stage 1, the dynamics model.</summary>
    public HomoscedasticEnsembleTrainer.Options Dynamics { get; init; } = new();

    /// <summary>The settings of stage 2, the rollouts.</summary>
    public DistributionRollouts.Options Rollouts { get; init; } = new();

    /// <summary>The settings of stage 3, the policy learner.</summary>
    public ValueGradientTrainer.Options Policy { get; init; } = new();

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

    /// <summary>A copy that later changes by the caller leave alone.</summary>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public DoubleHorizonPreset Copy()
    {
        Validate();
        return new DoubleHorizonPreset { Trainer = Trainer.Copy(), Dynamics = Dynamics.Copy(), Rollouts = Rollouts.Copy(), Policy = Policy.Copy() };
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
