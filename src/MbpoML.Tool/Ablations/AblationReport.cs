using System.Globalization;
using System.Text;
using MbpoML.Plotting;
using MbpoML.Tool.Reports;
using MbpoML.Tool.Runs;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Ablations;

/// <summary>What an ablation found: learning curves, and a table of returns.</summary>
/// <param name="task">The task.</param>
/// <param name="ablation">What was compared.</param>
/// <param name="runsOf">The runs of a variant.</param>
internal sealed class AblationReport(TrainingTask task, Ablation ablation, Func<AblationVariant, IReadOnlyList<RunFolder>> runsOf)
{
    private readonly IReadOnlyList<(AblationVariant Variant, IReadOnlyList<RecordedRun> Runs)> _results =
        [.. ablation.Variants.Select(variant => (variant, (IReadOnlyList<RecordedRun>)[.. runsOf(variant).Select(RecordedRun.Read)]))];

    /// <exception cref="ToolException">No run has evaluated anything.</exception>
    public LearningCurvePlot Plot()
    {
        var plot = new LearningCurvePlot { Title = $"{task.Name}: {ablation.Title}", Band = CurveBand.StandardError };
        foreach (var (variant, runs) in _results)
            foreach (var run in runs.Where(run => run.Evaluations.Count > 0)) plot.Add(run.ToCurve(variant.Label));
        return plot.Curves.Count > 0 ? plot : throw new ToolException($"No run of the ablation '{ablation.Name}' has evaluated its policy yet.");
    }

    /// <summary>A row for each variant: the mean evaluation of the whole run and that of its last quarter, over seeds; where not all seeds have one, over how many.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder($"### {task.Name}: {ablation.Title}\n\n| variant | seeds | mean return, whole run | last quarter | minutes a seed | ended early |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var (variant, runs) in _results)
        {
            var whole = runs.Select(run => Mean(run, 0)).Where(double.IsFinite).ToArray();
            var last = runs.Select(run => Mean(run, 0.75)).Where(double.IsFinite).ToArray();
            var minutes = runs.Average(run => run.Seconds) / 60;
            text.Append(CultureInfo.InvariantCulture, $"| {variant.Label} | {runs.Count} | {Cell(whole, runs.Count)} | {Cell(last, runs.Count)} | {minutes:F1} | {runs.Count(EndedEarly)} |\n");
        }

        if (_results.Any(result => result.Runs.Any(EndedEarly)))
            text.Append("\nA seed that ended early counts with the evaluations that it came to: in the whole run with fewer of them, in the last quarter only where it reached that.\n");
        return text.ToString();
    }

    private static bool EndedEarly(RecordedRun run) => !TrainableRun.IsFinished(run.Folder);

    private static double Mean(RecordedRun run, double from) =>
        run.Evaluations.Where(point => point.Step > from * run.Options.Settings.Trainer.Steps).Select(point => point.Return).DefaultIfEmpty(double.NaN).Average();

    // A mean over fewer seeds than the row has says so; a single one has no deviation.
    private static string Cell(double[] values, int seeds)
    {
        var count = values.Length == seeds ? "" : Invariant($" ({values.Length} of {seeds} seeds)");
        var deviation = values.Length > 1 ? $" ± {Whole(SeedSpread.Deviation(values))}" : "";
        return values.Length == 0 ? $"-{count}" : $"{Whole(values.Average())}{deviation}{count}";
    }

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
