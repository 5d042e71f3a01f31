using System.Globalization;
using MbpoML.Dynamics;
using MbpoML.Policies;
using Microsoft.ML;

namespace MbpoML.Training;

/// <summary>What would make a run shorter, as far as its settings leave something.</summary>
/// <param name="options">The options of the loop.</param>
/// <param name="dynamics">Stage 1.</param>
/// <param name="policy">Stage 3.</param>
/// <param name="processors">The processors that the process may use.</param>
internal sealed class RunAdvice(MbpoTrainer.Options options, IEstimator<ITransformer> dynamics, IPolicyEstimator policy, int processors)
{
    // A part of the time that is worth a word.
    private const double Large = 0.25;
    // Units of a layer beyond which networks are not those of the small presets.
    private const int ManyUnits = 128;

    private readonly ProbabilisticEnsembleTrainer.Options? _ensemble = (dynamics as ProbabilisticEnsembleTrainer)?.Settings;
    private readonly SoftActorCriticTrainer.Options? _sac = (policy as SoftActorCriticTrainer)?.Settings;

    /// <summary>Whether a fit takes the longer the more data there is.</summary>
    public bool FitsGrow => _ensemble is not { MaxOptimizerSteps: not null };

    /// <summary>The options to change, the most useful first.</summary>
    /// <param name="modelShare">The part of the time to come in which the model is fitted, from 0 to 1.</param>
    /// <param name="environmentShare">The part in which the environment makes its steps.</param>
    public string Text(double modelShare, double environmentShare)
    {
        List<string> ways = [];
        if (environmentShare > Large)
            ways.Add(options.Overlaps(OverlappedStages.Environment) ? "a faster environment" : "a faster environment or Overlap = OverlappedStages.Environment");
        if (modelShare > Large && options.ModelTrainingSchedule is null) ways.Add("a model that is refitted less often (preset.Fast())");
        if (IsLarge) ways.Add("smaller networks (MbpoPresets.Small(environment))");
        if (processors > 1 && (_ensemble is { Workers: 1 } || _sac is { Workers: 1 })) ways.Add("Workers = 2 in the options of Dynamics and Policy");
        if (options.UpdatesPerStep > 1) ways.Add(string.Create(CultureInfo.InvariantCulture, $"fewer UpdatesPerStep (now {options.UpdatesPerStep})"));
        ways.Add(string.Create(CultureInfo.InvariantCulture, $"fewer Steps (now {options.Steps})"));
        return string.Join("; ", ways);
    }

    private bool IsLarge => (_ensemble?.HiddenSizes ?? []).Concat(_sac?.HiddenSizes ?? []).Any(units => units > ManyUnits);
}
