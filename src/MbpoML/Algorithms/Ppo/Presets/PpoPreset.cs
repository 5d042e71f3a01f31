using MbpoML.Numerics;
using MbpoML.Policies.Proximal;
using MbpoML.Training;
using MbpoML.Training.Presets;

namespace MbpoML.Algorithms.Ppo.Presets;

/// <summary>
/// The settings of PPO's loop and of its policy, together. A new one holds the defaults of Stable-Baselines3; <see cref="PpoPresets"/> makes those of a task.
/// </summary>
public sealed class PpoPreset : AlgorithmPreset
{
    /// <summary>The settings of the training loop.</summary>
    public PpoTrainer.Options Trainer { get; init; } = new();

    /// <summary>The policy and its values.</summary>
    public ProximalTrainer.Options Policy { get; init; } = new();

    /// <inheritdoc/>
    public override TrainingOptions TrainerOptions => Trainer;

    /// <inheritdoc/>
    public override double Discount => Policy.Discount;

    /// <summary>Checks the number: there is nothing in PPO that uses more than one thread.</summary>
    /// <param name="workers">The number of threads, 1 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is another number.</exception>
    public override void UseWorkers(int workers) => Check.Within(1, 2, workers);

    /// <summary>A copy that later changes by the caller leave alone.</summary>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public PpoPreset Copy()
    {
        Validate();
        return new PpoPreset { Trainer = Trainer.Copy(), Policy = Policy.Copy() };
    }

    /// <inheritdoc/>
    public override AlgorithmPreset CopyPreset() => Copy();

    internal override IReadOnlyList<PresetOption> Options => PresetOption.Of((nameof(Trainer), Trainer), (nameof(Policy), Policy));

    internal override void Validate()
    {
        ArgumentNullException.ThrowIfNull(Trainer);
        ArgumentNullException.ThrowIfNull(Policy);
        Trainer.Validate();
        Policy.Validate();
    }
}
