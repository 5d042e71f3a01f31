using System.Globalization;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Dynamics.Metrics;
using MbpoML.Training.Metrics;

namespace MbpoML.Benchmarks.EndToEnd;

/// <summary>Where the time of 1000 environment steps goes, read from the metrics that a run writes.</summary>
/// <param name="Stages">Seconds by stage; they sum up to the whole.</param>
/// <param name="Overhead">Seconds of it that are neither model, rollouts, policy updates nor evaluation.</param>
/// <param name="Fits">What a refit took.</param>
internal sealed record RunTimeBreakdown(IReadOnlyList<(string Name, double Seconds)> Stages, double Overhead, string Fits)
{
    /// <param name="history">The first epoch warms up; the others are measured, an epoch a refit.</param>
    /// <param name="options">What ran.</param>
    /// <param name="run">What it stands for.</param>
    /// <param name="minibatchSeconds">What putting one minibatch together takes.</param>
    public static RunTimeBreakdown Of(IReadOnlyList<EpochMetrics> history, MbpoTrainer.Options options, RealRun run, double minibatchSeconds)
    {
        var (before, after) = (history[0], history[^1]);
        var thousands = (after.Step - before.Step) / 1000.0;
        double Seconds(string metric) => (after.Values.GetValueOrDefault(metric) - before.Values.GetValueOrDefault(metric)) / thousands;

        var (model, rollouts, policy) = (Seconds(MetricNames.ModelSeconds), Seconds(MetricNames.RolloutSeconds), Seconds(MetricNames.PolicySeconds));
        var (environment, evaluation) = (Seconds(MetricNames.EnvironmentSeconds), Seconds(MetricNames.EvaluationSeconds));
        var rest = Seconds(MetricNames.TotalSeconds) - model - rollouts - policy - environment - evaluation;
        var gather = minibatchSeconds * 1000 * options.UpdatesPerStep;
        return new RunTimeBreakdown(
            [
                ("fitting the model", model * options.ModelTrainingInterval / run.RefitInterval),
                ("rollouts", rollouts),
                ("policy updates", policy - gather),
                ("minibatches for them", gather),
                ("environment and acting", environment),
                ("evaluation", evaluation * options.EpochLength / run.EpochLength),
                ("rest: metrics, progress, loop", rest),
            ],
            gather + environment + rest,
            Describe(history, run));
    }

    public void Print(string title)
    {
        var total = Stages.Sum(stage => stage.Seconds);
        var table = new MarkdownTable("stage", "seconds", "share");
        foreach (var (name, seconds) in Stages) table.Add(name, MarkdownTable.Number(seconds), Share(seconds / total));
        table.Add("all", MarkdownTable.Number(total), Share(1));
        table.Print(title);
        Console.WriteLine($"{Environment.NewLine}Overhead (minibatches, environment and acting, rest): {Share(Overhead / total)}. {Fits}");
    }

    private static string Describe(IReadOnlyList<EpochMetrics> history, RealRun run)
    {
        var measured = history.Skip(1).Where(epoch => epoch.Values.ContainsKey(DynamicsMetricNames.OptimizerSteps)).ToArray();
        if (measured.Length == 0) return "No refit was measured.";
        double Mean(string metric) => measured.Average(epoch => epoch.Values[metric]);
        var (first, steps) = (history[0].Values, Mean(DynamicsMetricNames.OptimizerSteps));
        var seconds = (history[^1].Values[MetricNames.ModelSeconds] - first[MetricNames.ModelSeconds]) / measured.Length;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"A refit, every {run.RefitInterval} steps, took {Mean(DynamicsMetricNames.Epochs):F1} epochs, {steps:N0} optimizer steps and {seconds:F1} s " +
            $"({steps / seconds:F0} steps/s), holdout error " +
            $"{Mean(DynamicsMetricNames.HoldoutLoss):G3}; the first fit, not counted, {first[DynamicsMetricNames.Epochs]:F0} epochs and " +
            $"{first[MetricNames.ModelSeconds]:F0} s.");
    }

    private static string Share(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);
}
