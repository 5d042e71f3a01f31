using MbpoML.Experiments.Ablations;
using MbpoML.Experiments.Comparisons;
using MbpoML.Experiments.Reports;
using MbpoML.Plotting;

namespace MbpoML.Tool.Reports;

/// <summary>Pictures of recorded runs.</summary>
internal static class RunCurves
{
    /// <summary>Draws all groups, and what is published up to the last step of the runs.</summary>
    /// <param name="task">The runs.</param>
    /// <param name="published">The names of the published curves that are drawn, where there are some of the task.</param>
    public static LearningCurvePlot Plot(this TaskRuns task, IReadOnlyList<string> published)
    {
        var plot = new LearningCurvePlot { Title = task.Task };
        foreach (var (name, runs) in task.Groups)
            foreach (var run in runs) plot.Add(Curve(run, name));
        foreach (var curve in published.SelectMany(name => task.Published.Where(curve => curve.Name == name)))
        {
            if (new SeedAverage($"{curve.Algorithm} as published", curve.Runs, curve.Steps, curve.Mean,
                curve.StandardDeviation).UpTo(task.LastStep) is { } average) plot.AddAverage(average);
        }

        return plot;
    }

    /// <summary>Draws the variants of an ablation.</summary>
    /// <exception cref="RunDataException">No run has evaluated anything.</exception>
    public static LearningCurvePlot Plot(this AblationReport report)
    {
        var plot = new LearningCurvePlot { Title = $"{report.Task.Name}: {report.Ablation.Title}", Band = CurveBand.StandardError };
        foreach (var (variant, runs) in report.Results)
            foreach (var run in runs.Where(run => run.Evaluations.Count > 0)) plot.Add(Curve(run, variant.Label));
        return plot.Curves.Count > 0 ? plot : throw new RunDataException($"No run of the ablation '{report.Ablation.Name}' has evaluated its policy yet.");
    }

    /// <summary>Draws the algorithms of a comparison.</summary>
    /// <exception cref="RunDataException">No run has evaluated anything.</exception>
    public static LearningCurvePlot Plot(this AlgorithmComparison comparison)
    {
        var plot = new LearningCurvePlot { Title = $"{comparison.Task.Name}: the same steps and seeds", Band = CurveBand.StandardError };
        foreach (var result in comparison.Results)
            foreach (var run in result.Runs.Where(run => run.Evaluations.Count > 0)) plot.Add(Curve(run, result.Algorithm.Label));
        return plot.Curves.Count > 0 ? plot : throw new RunDataException($"No run on {comparison.Task.Name} has evaluated its policy yet.");
    }

    private static LearningCurve Curve(RecordedRun run, string name) =>
        new(name, [.. run.Evaluations.Select(point => (double)point.Step)], [.. run.Evaluations.Select(point => point.Return)]);
}
