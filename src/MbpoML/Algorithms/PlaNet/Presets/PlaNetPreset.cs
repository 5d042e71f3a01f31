using MbpoML.Dynamics.Latent;
using MbpoML.Planning;
using MbpoML.Training;
using MbpoML.Training.Presets;

namespace MbpoML.Algorithms.PlaNet.Presets;

/// <summary>
/// The settings of PlaNet, of its model, its planner and its optimizer, together. A new one holds the paper's, for frames of 64 by 64 pixels;
/// <see cref="PlaNetPresets"/> makes those of a task.
/// </summary>
public sealed class PlaNetPreset : AlgorithmPreset
{
    /// <summary>The settings of the training loop.</summary>
    public PlaNetTrainer.Options Trainer { get; init; } = new();

    /// <summary>The latent model. Default: that of the paper.</summary>
    public RecurrentStateSpaceTrainer.Options Dynamics { get; init; } = new();

    /// <summary>How far the planner imagines. Default: 12 steps, and each search begins anew (official planning.py).</summary>
    public PlanningTransformer.Options Planner { get; init; } = PlaNetPresets.Planner();

    /// <summary>The cross-entropy method. Default: that of the paper.</summary>
    public CrossEntropyMethod.Options CrossEntropy { get; init; } = PlaNetPresets.CrossEntropy();

    /// <inheritdoc/>
    public override TrainingOptions TrainerOptions => Trainer;

    /// <inheritdoc/>
    public override double Discount => Planner.Discount;

    /// <summary>Sets the threads that torch uses inside an operation, which is what a latent model can use.</summary>
    /// <param name="workers">The number of threads, 1 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is another number.</exception>
    public override void UseWorkers(int workers) => Trainer.Threads = (int)Numerics.Check.Within(1, 2, workers);

    /// <summary>A copy that later changes by the caller leave alone.</summary>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public PlaNetPreset Copy()
    {
        Validate();
        return new PlaNetPreset { Trainer = Trainer.Copy(), Dynamics = Dynamics.Copy(), Planner = Planner.Copy(), CrossEntropy = CrossEntropy.Copy() };
    }

    /// <inheritdoc/>
    public override AlgorithmPreset CopyPreset() => Copy();

    internal override IReadOnlyList<PresetOption> Options => PresetOption.Of(
        (nameof(Trainer), Trainer), (nameof(Dynamics), Dynamics), (nameof(Planner), Planner), (nameof(CrossEntropy), CrossEntropy));

    internal override void Validate()
    {
        ArgumentNullException.ThrowIfNull(Trainer);
        ArgumentNullException.ThrowIfNull(Dynamics);
        ArgumentNullException.ThrowIfNull(Planner);
        ArgumentNullException.ThrowIfNull(CrossEntropy);
        Trainer.Validate();
        Dynamics.Validate();
        Planner.Validate();
        CrossEntropy.Validate();
    }
}
