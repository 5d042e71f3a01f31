using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;
using MbpoML.Planning;
using MbpoML.Training;
using MbpoML.Training.Presets;

namespace MbpoML.Algorithms.Pets.Presets;

/// <summary>
/// The settings of PETS, of its model, its planner and its optimizers, together. A new one holds the paper's ensemble and the options' defaults;
/// <see cref="PetsPresets"/> makes those of a task.
/// </summary>
public sealed class PetsPreset : AlgorithmPreset
{
    /// <summary>The settings of the training loop.</summary>
    public PetsTrainer.Options Trainer { get; init; } = new();

    /// <summary>The model. Default: that of the paper, five members that all predict, fitted five epochs further after each episode, without a
    /// holdout.</summary>
    public ProbabilisticEnsembleTrainer.Options Dynamics { get; init; } = PetsPresets.Ensemble();

    /// <summary>How far and with how many particles the planner imagines.</summary>
    public PlanningTransformer.Options Planner { get; init; } = new();

    /// <summary>iCEM, where <see cref="PetsTrainer.Options.Method"/> takes it.</summary>
    public ImprovedCrossEntropyMethod.Options ImprovedCrossEntropy { get; init; } = new();

    /// <summary>The cross-entropy method, where <see cref="PetsTrainer.Options.Method"/> takes it.</summary>
    public CrossEntropyMethod.Options CrossEntropy { get; init; } = new();

    /// <summary>MPPI, where <see cref="PetsTrainer.Options.Method"/> takes it.</summary>
    public PathIntegral.Options PathIntegral { get; init; } = new();

    /// <summary>Random shooting, where <see cref="PetsTrainer.Options.Method"/> takes it.</summary>
    public RandomShooting.Options RandomShooting { get; init; } = new();

    /// <inheritdoc/>
    public override TrainingOptions TrainerOptions => Trainer;

    /// <inheritdoc/>
    public override double Discount => Planner.Discount;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">It is neither 1 nor 2.</exception>
    public override void UseWorkers(int workers) => Dynamics.Workers = (int)Check.Within(1, 2, workers);

    /// <summary>The same with iCEM in place of the cross-entropy method: 97 rollouts a step instead of thousands.</summary>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public PetsPreset Fast()
    {
        var fast = Copy();
        fast.Trainer.Method = PlanningMethod.ImprovedCrossEntropy;
        return fast;
    }

    /// <summary>A copy that later changes by the caller leave alone.</summary>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public PetsPreset Copy()
    {
        Validate();
        return new PetsPreset
        {
            Trainer = Trainer.Copy(),
            Dynamics = Dynamics.Copy(),
            Planner = Planner.Copy(),
            ImprovedCrossEntropy = ImprovedCrossEntropy.Copy(),
            CrossEntropy = CrossEntropy.Copy(),
            PathIntegral = PathIntegral.Copy(),
            RandomShooting = RandomShooting.Copy(),
        };
    }

    /// <inheritdoc/>
    public override AlgorithmPreset CopyPreset() => Copy();

    /// <summary>The optimizer that <see cref="PetsTrainer.Options.Method"/> names.</summary>
    internal IActionSequenceOptimizer CreateOptimizer() => Trainer.Method switch
    {
        PlanningMethod.CrossEntropy => new CrossEntropyMethod(CrossEntropy),
        PlanningMethod.PathIntegral => new PathIntegral(PathIntegral),
        PlanningMethod.RandomShooting => new RandomShooting(RandomShooting),
        _ => new ImprovedCrossEntropyMethod(ImprovedCrossEntropy),
    };

    internal override IReadOnlyList<PresetOption> Options => PresetOption.Of(
        (nameof(Trainer), Trainer), (nameof(Dynamics), Dynamics), (nameof(Planner), Planner), (nameof(ImprovedCrossEntropy), ImprovedCrossEntropy),
        (nameof(CrossEntropy), CrossEntropy), (nameof(PathIntegral), PathIntegral), (nameof(RandomShooting), RandomShooting));

    internal override void Validate()
    {
        ArgumentNullException.ThrowIfNull(Trainer);
        ArgumentNullException.ThrowIfNull(Dynamics);
        ArgumentNullException.ThrowIfNull(Planner);
        ArgumentNullException.ThrowIfNull(ImprovedCrossEntropy);
        ArgumentNullException.ThrowIfNull(CrossEntropy);
        ArgumentNullException.ThrowIfNull(PathIntegral);
        ArgumentNullException.ThrowIfNull(RandomShooting);
        Trainer.Validate();
        Dynamics.Validate();
        Planner.Validate();
        ImprovedCrossEntropy.Validate();
        CrossEntropy.Validate();
        PathIntegral.Validate();
        RandomShooting.Validate();
    }
}
