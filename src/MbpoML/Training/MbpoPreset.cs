using MbpoML.Dynamics;
using MbpoML.Policies;
using MbpoML.Rollouts;

namespace MbpoML.Training;

/// <summary>The settings of the loop and of its three stages, together. A new one holds the paper's defaults; <see cref="MbpoPresets"/> has tuned ones.</summary>
public sealed class MbpoPreset
{
    /// <summary>The loop.</summary>
    public MbpoTrainer.Options Trainer { get; init; } = new();

    /// <summary>Stage 1.</summary>
    public ProbabilisticEnsembleTrainer.Options Dynamics { get; init; } = new();

    /// <summary>Stage 2.</summary>
    public BranchedRollouts.Options Rollouts { get; init; } = new();

    /// <summary>Stage 3.</summary>
    public SoftActorCriticTrainer.Options Policy { get; init; } = new();

    /// <exception cref="ArgumentNullException">A part is null; the parts check themselves where they are used.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Trainer);
        ArgumentNullException.ThrowIfNull(Dynamics);
        ArgumentNullException.ThrowIfNull(Rollouts);
        ArgumentNullException.ThrowIfNull(Policy);
    }
}
