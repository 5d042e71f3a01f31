using MbpoML.Training;
using MbpoML.Training.Outcome;
using Spectre.Console;

namespace Quickstart;

/// <summary>Shows a running training: a live bar on a terminal, a line an epoch where output is redirected.</summary>
internal static class TrainingDisplay
{
    public static TrainingReport Run(Func<IProgress<TrainingProgress>, TrainingReport> train) =>
        AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected ? RunLive(train) : train(new Listener(WriteLine));

    private static TrainingReport RunLive(Func<IProgress<TrainingProgress>, TrainingReport> train) =>
        AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
            .Start(display =>
            {
                var task = display.AddTask("starting");
                return train(new Listener(progress =>
                {
                    task.MaxValue = progress.Steps;
                    task.Value = progress.Step;
                    task.Description = Describe(progress);
                }));
            });

    private static void WriteLine(TrainingProgress progress)
    {
        if (progress.EpochMetrics is not null) Console.WriteLine(FormattableString.Invariant($"{progress.Elapsed:mm\\:ss}  {Describe(progress)}"));
    }

    private static string Describe(TrainingProgress progress) => FormattableString.Invariant(
        $"step {progress.Step,5} of {progress.Steps}, return {progress.EvaluationReturn ?? double.NaN,8:F1}, {Words(progress.Phase)}");

    private static string Words(TrainingPhase phase) => phase switch
    {
        TrainingPhase.Exploring => "random exploration",
        TrainingPhase.FittingModel => "fitting the model",
        TrainingPhase.RollingOut => "imagining rollouts",
        TrainingPhase.OptimizingPolicy => "optimizing the policy",
        TrainingPhase.Evaluating => "evaluating",
        _ => "finished",
    };

    // Progress<T> would report on other threads, out of order; a display wants them here and now.
    private sealed class Listener(Action<TrainingProgress> listen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => listen(value);
    }
}
