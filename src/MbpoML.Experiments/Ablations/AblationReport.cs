using System.Globalization;
using System.Text;
using MbpoML.Experiments.Reports;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Ablations;

/// <summary>What an ablation found.</summary>
/// <param name="Task">The task that the runs learn.</param>
/// <param name="Ablation">The ablation that was run.</param>
/// <param name="Results">The variants, in the order of the ablation, and the runs of each, a seed each.</param>
public sealed record AblationReport(TrainingTask Task, Ablation Ablation, IReadOnlyList<(AblationVariant Variant, IReadOnlyList<RecordedRun> Runs)> Results)
{
    /// <summary>Reads the runs of an ablation.</summary>
    /// <param name="task">The task that the runs learn.</param>
    /// <param name="ablation">The ablation whose runs are read.</param>
    /// <param name="tasks">The tasks that the runs may name.</param>
    /// <param name="runsOf">The folders of a variant's runs.</param>
    /// <exception cref="RunDataException">A line of metrics cannot be read.</exception>
    /// <exception cref="RunSpecException">A file of options cannot be read.</exception>
    public static AblationReport Read(TrainingTask task, Ablation ablation, TaskCatalog tasks, Func<AblationVariant, IReadOnlyList<RunFolder>> runsOf)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(ablation);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(runsOf);
        return new AblationReport(
            task, ablation, [.. ablation.Variants.Select(
                variant => (variant, (IReadOnlyList<RecordedRun>)[.. runsOf(variant).Select(folder => RecordedRun.Read(folder, tasks))]))]);
    }

    /// <summary>
    /// A row for each variant: the mean evaluation of the whole run and that of its last quarter, over seeds; where not all seeds have one, over how many.
    /// </summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder(
            $"### {Task.Name}: {Ablation.Title}\n\n| variant | seeds | mean return, whole run | last quarter | minutes a seed | ended early |\n| --- | --- " +
                "| --- | --- | --- | --- |\n");
        foreach (var (variant, runs) in Results)
        {
            var whole = runs.Select(run => Mean(run, 0)).Where(double.IsFinite).ToArray();
            var last = runs.Select(run => Mean(run, 0.75)).Where(double.IsFinite).ToArray();
            var minutes = runs.Average(run => run.Seconds) / 60;
            text.Append(CultureInfo.InvariantCulture,
                $"| {variant.Label} | {runs.Count} | {Cell(whole, runs.Count)} | {Cell(last, runs.Count)} | {minutes:F1} | {runs.Count(EndedEarly)} |\n");
        }

        if (Results.Any(result => result.Runs.Any(EndedEarly)))
            text.Append(
                "\nA seed that ended early counts with the evaluations that it came to: in the whole run with fewer of them, in the last quarter only where " +
                    "it reached that.\n");
        return text.ToString();
    }

    private static bool EndedEarly(RecordedRun run) => !run.IsFinished;

    private static double Mean(RecordedRun run, double from) =>
        run.Evaluations.Where(point => point.Step > from * run.PlannedSteps).Select(point => point.Return)
            .DefaultIfEmpty(double.NaN).Average();

    // A mean over fewer seeds than the row has says so; a single one has no deviation.
    private static string Cell(double[] values, int seeds)
    {
        var count = values.Length == seeds ? "" : Invariant($" ({values.Length} of {seeds} seeds)");
        var deviation = values.Length > 1 ? $" ± {Whole(SeedSpread.Deviation(values))}" : "";
        return values.Length == 0 ? $"-{count}" : $"{Whole(values.Average())}{deviation}{count}";
    }

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
