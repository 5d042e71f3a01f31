using System.Globalization;

namespace MbpoML.Training.Outcome;

/// <summary>The words and times of a run's progress, for all displays and log lines.</summary>
internal static class ProgressWords
{
    /// <summary>What a run does.</summary>
    public static string Phase(TrainingPhase phase) => phase switch
    {
        TrainingPhase.Exploring => "random exploration",
        TrainingPhase.FittingModel => "fitting the model",
        TrainingPhase.RollingOut => "imagining rollouts",
        TrainingPhase.OptimizingPolicy => "optimizing the policy",
        TrainingPhase.Evaluating => "evaluating",
        _ => "finished",
    };

    /// <summary>Hours:minutes:seconds; hours may be more than 24.</summary>
    public static string Time(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00}");
}
