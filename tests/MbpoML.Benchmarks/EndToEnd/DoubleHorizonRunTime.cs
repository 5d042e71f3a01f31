using System.Globalization;
using MbpoML.Algorithms.DoubleHorizon.Presets;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Environments.Wrappers;
using MbpoML.Training.Metrics;
using Microsoft.ML;

namespace MbpoML.Benchmarks.EndToEnd;

/// <summary>Where the time of 1000 environment steps of double-horizon MBPO goes, at a given amount of data.</summary>
/// <remarks>An epoch is one refit and the steps up to the next. The first one, with the longer first fit, warms up and is not counted.</remarks>
internal static class DoubleHorizonRunTime
{
    private static readonly (string Name, string Metric)[] Stages =
    [
        ("fitting the model", MetricNames.ModelSeconds), ("distribution rollouts", MetricNames.RolloutSeconds),
        ("updates of critics and policy", MetricNames.PolicySeconds), ("environment and acting", MetricNames.EnvironmentSeconds),
    ];

    public static void Run(TaskSize task, int data, int steps, int workers, string[] overrides)
    {
        var settings = task.Settings().DoubleHorizon();
        foreach (var assignment in overrides) settings.Set(assignment);
        settings.UseWorkers(workers);
        var (trainer, interval) = (settings.Trainer, settings.Trainer.ModelTrainingInterval);
        (trainer.EpochLength, trainer.InitialExplorationSteps, trainer.Steps) = (interval, 0, interval + steps);
        trainer.EvaluationEpisodes = 0;
        using var environment = task.Create();
        var rl = new MLContext(1).Reinforcement();
        var logged = rl.Data.Record(environment.WithTimeLimit(trainer.MaxEpisodeSteps), data, seed: 1);
        var report = rl.DoubleHorizonMbpo(environment, settings).Train(logged);
        using var policy = report.Policy;
        Print(task, data, workers, report.History[0], report.History[^1]);
    }

    private static void Print(TaskSize task, int data, int workers, EpochMetrics before, EpochMetrics after)
    {
        var thousands = (after.Step - before.Step) / 1000.0;
        double Seconds(string metric) => (after.Values.GetValueOrDefault(metric) - before.Values.GetValueOrDefault(metric)) / thousands;
        var total = Seconds(MetricNames.TotalSeconds);
        var table = new MarkdownTable("stage", "seconds", "share");
        foreach (var (name, metric) in Stages) table.Add(name, MarkdownTable.Number(Seconds(metric)), Share(Seconds(metric) / total));
        var rest = total - Stages.Sum(stage => Seconds(stage.Metric));
        table.Add("rest: metrics, progress, loop", MarkdownTable.Number(rest), Share(rest / total));
        table.Add("all", MarkdownTable.Number(total), Share(1));
        table.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"{task.Title}, double-horizon MBPO, {data:N0} transitions at the start, {workers} threads: seconds per 1000 environment steps"));
    }

    private static string Share(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);
}
