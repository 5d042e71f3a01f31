using MbpoML.Catalog;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>What <see cref="DiagnosticsCatalog.Generalization"/> measures with.</summary>
public sealed class GeneralizationOptions
{
    /// <summary>
    /// Transitions of the collecting policy that models are fitted to, a model each, all different, at least 2. Default: 5000 to 60,000, as in the talk.
    /// </summary>
    public IReadOnlyList<int> TrainingSizes { get; set; } = [5000, 10_000, 20_000, 40_000, 60_000];

    /// <summary>Fresh transitions of each policy on which the models are measured, at least 1. Default: 5000, our choice.</summary>
    public int TestTransitions { get; set; } = 5000;

    /// <summary>How the models are fitted. Default: the paper's ensemble, until nothing improves.</summary>
    public ProbabilisticEnsembleTrainer.Options Dynamics { get; set; } = new();

    /// <summary>Determines episodes, actions and models. Default: 0.</summary>
    public int Seed { get; set; }

    /// <summary>Receives each curve as it is measured. Default: null, nobody.</summary>
    public IProgress<GeneralizationCurve>? Progress { get; set; }

    /// <summary>Stops the study between two policies, or inside a fit, with an <see cref="OperationCanceledException"/>. Default: none.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(TrainingSizes);
        if (TrainingSizes.Count == 0 || TrainingSizes.Distinct().Count() != TrainingSizes.Count)
            throw new ArgumentException(
                $"{nameof(TrainingSizes)} is [{Listed.Of(TrainingSizes)}], but must be one or more different numbers.", nameof(TrainingSizes));
        foreach (var size in TrainingSizes) Check.AtLeast(2, size, nameof(TrainingSizes));
        Check.AtLeast(1, TestTransitions);
        ArgumentNullException.ThrowIfNull(Dynamics);
        Dynamics.Validate();
    }
}
