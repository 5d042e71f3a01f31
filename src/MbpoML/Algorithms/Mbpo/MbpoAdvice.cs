using System.Globalization;
using MbpoML.Components;
using MbpoML.Policies;
using MbpoML.Training;

namespace MbpoML.Algorithms.Mbpo;

/// <summary>What would make a run shorter, as far as its settings leave something, and how much work is left.</summary>
/// <param name="options">The options of the trainer.</param>
/// <param name="settings">What they were resolved to.</param>
/// <param name="dynamics">Stage 1.</param>
/// <param name="policy">Stage 3.</param>
/// <param name="needsModel">Whether a model is fitted.</param>
/// <param name="processors">The processors that the process may use.</param>
internal sealed class MbpoAdvice(
    MbpoTrainer.Options options, MbpoSettings settings, object dynamics, IPolicyEstimator policy, bool needsModel, int processors) : IRunAdvice
{
    // A part of the time that is worth a word.
    private const double Large = 0.25;
    // Units of a layer beyond which networks are not those of the small presets.
    private const int ManyUnits = 128;

    public string Text(double modelShare, double environmentShare)
    {
        List<string> ways = [];
        if (environmentShare > Large)
            ways.Add(options.Overlap == OverlappedStages.Environment
                ? "a faster environment" : "a faster environment or Overlap = OverlappedStages.Environment");
        if (modelShare > Large && options.ModelTrainingSchedule is null) ways.Add("a model that is refitted less often (preset.Fast())");
        if (IsLarge) ways.Add("smaller networks (MbpoPresets.Small(environment))");
        if (processors > 1 && (Option(dynamics, "Workers") is 1 || Option(policy, "Workers") is 1))
            ways.Add("Workers = 2 in the options of Dynamics and Policy");
        if (options.UpdatesPerStep > 1) ways.Add(string.Create(CultureInfo.InvariantCulture, $"fewer UpdatesPerStep (now {options.UpdatesPerStep})"));
        ways.Add(string.Create(CultureInfo.InvariantCulture, $"fewer Steps (now {options.Steps})"));
        return string.Join("; ", ways);
    }

    public (double Fits, double Rollouts) WorkLeft(RunCounters counters)
    {
        var times = new ModelTrainingTimes(settings, needsModel, counters.FirstPolicyStep, counters.LoggedTransitions);
        var (fitsDone, fitsLeft, branchingsDone, branchingsLeft) = (0.0, 0.0, 0, 0);
        for (var step = counters.FirstPolicyStep; step < options.Steps; step++)
        {
            if (!times.IsBranching(step)) continue;
            var isDone = step < counters.Step;
            if (isDone) branchingsDone++;
            else branchingsLeft++;
            if (!times.IsRefit(step)) continue;
            var work = FitsGrow ? counters.LoggedTransitions + step : 1;
            if (isDone) fitsDone += work;
            else fitsLeft += work;
        }

        return (fitsDone > 0 ? fitsLeft / fitsDone : 0, branchingsDone > 0 ? (double)branchingsLeft / branchingsDone : 0);
    }

    /// <summary>Whether a fit takes the longer the more data there is.</summary>
    public bool FitsGrow => Option(dynamics, "MaxOptimizerSteps") is null;

    private bool IsLarge => Units(dynamics).Concat(Units(policy)).Any(units => units > ManyUnits);

    private static IReadOnlyList<int> Units(object stage) => Option(stage, "HiddenSizes") as IReadOnlyList<int> ?? [];

    // Null where the stage has no option of that name.
    private static object? Option(object stage, string name) => stage is IStage { Options: var all } ? all.GetType().GetProperty(name)?.GetValue(all) : null;
}
