using System.Globalization;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;

namespace MbpoML.Tool.Display;

/// <summary>The words and numbers of a run's progress.</summary>
internal static class ProgressText
{
    private static readonly (string Name, string Metric)[] Stages =
    [
        ("model", MetricNames.ModelSeconds), ("rollouts", MetricNames.RolloutSeconds), ("policy", MetricNames.PolicySeconds),
        ("environment", MetricNames.EnvironmentSeconds), ("evaluation", MetricNames.EvaluationSeconds),
    ];

    public static string Phase(TrainingPhase phase) => ProgressWords.Phase(phase);

    public static string Time(TimeSpan time) => ProgressWords.Time(time);

    public static string Return(double? value) => value?.ToString("F1", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>What the stages took, as parts of all time so far.</summary>
    public static string StageTimes(EpochMetrics epoch)
    {
        var total = epoch.Values.GetValueOrDefault(MetricNames.TotalSeconds);
        return total <= 0
            ? ""
            : string.Join(", ", Stages.Select(
                stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Name} {100 * epoch.Values.GetValueOrDefault(stage.Metric) / total:F0}%")));
    }
}
