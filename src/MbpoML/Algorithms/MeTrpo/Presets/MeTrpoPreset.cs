using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Policies.TrustRegion;
using MbpoML.Training;
using MbpoML.Training.Presets;

namespace MbpoML.Algorithms.MeTrpo.Presets;

/// <summary>
/// The settings of ME-TRPO's loop and of its stages, together. A new one holds those of the authors' code; <see cref="MeTrpoPresets"/> makes those of a task.
/// </summary>
public sealed class MeTrpoPreset : AlgorithmPreset
{
    // A quarter of the authors' rows is enough for small policies.
    private const int FastEpisodes = 100, FastValidations = 100, FastUpdates = 100, FastMembersUnits = 200;

    /// <summary>The settings of the training loop.</summary>
    public MeTrpoTrainer.Options Trainer { get; init; } = new();

    /// <summary>Stage 1. Default: that of the authors' code, five deterministic networks of two layers.</summary>
    public ProbabilisticEnsembleTrainer.Options Dynamics { get; init; } = MeTrpoPresets.Ensemble();

    /// <summary>The settings of stage 2, the rollouts.</summary>
    public EpisodeRollouts.Options Rollouts { get; init; } = new();

    /// <summary>Stage 3. Default: 500 episodes an update, as many transitions as the authors imagine.</summary>
    public TrustRegionTrainer.Options Policy { get; init; } = new() { EpisodesPerUpdate = 500 };

    /// <inheritdoc/>
    public override TrainingOptions TrainerOptions => Trainer;

    /// <inheritdoc/>
    public override double Discount => Policy.Discount;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">It is neither 1 nor 2.</exception>
    public override void UseWorkers(int workers) => Dynamics.Workers = (int)Check.Within(1, 2, workers);

    /// <summary>
    /// The same with less computation, our choice. An update and a validation have at most 100 episodes each, and a model at most 100 updates. The Fisher
    /// matrix takes a tenth of the rows. Networks have at most 200 units.
    /// </summary>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public MeTrpoPreset Fast()
    {
        var fast = Copy();
        fast.Policy.EpisodesPerUpdate = Math.Min(fast.Policy.EpisodesPerUpdate, FastEpisodes);
        fast.Policy.FisherShare = Math.Min(fast.Policy.FisherShare, 0.1);
        fast.Trainer.ValidationEpisodes = Math.Min(fast.Trainer.ValidationEpisodes, FastValidations);
        fast.Trainer.MaxPolicyIterations = Math.Min(fast.Trainer.MaxPolicyIterations, FastUpdates);
        fast.Dynamics.HiddenSizes = [.. fast.Dynamics.HiddenSizes.Select(units => Math.Min(units, FastMembersUnits))];
        return fast;
    }

    /// <summary>A copy that later changes by the caller leave alone.</summary>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public MeTrpoPreset Copy()
    {
        Validate();
        return new MeTrpoPreset { Trainer = Trainer.Copy(), Dynamics = Dynamics.Copy(), Rollouts = Rollouts.Copy(), Policy = Policy.Copy() };
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
