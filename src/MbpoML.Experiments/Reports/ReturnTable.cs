using System.Globalization;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Reports;

/// <summary>The tables of one task: returns at equal steps, and what the runs took.</summary>
/// <remarks>
/// A cell is a mean over a window around its step, so that it needs an evaluation at or before the step and one at or after it: what was evaluated later only
/// belongs to later steps. Where a run begins or ends inside the window the mean leans to one side, which the cell says by <see cref="OneSided"/>.
/// </remarks>
internal sealed class ReturnTable(TaskRuns runs, int? every)
{
    /// <summary>Stands behind a mean over a part of its window alone.</summary>
    public const string OneSided = "*";

    private const int MostRows = 12;
    private const string None = "-";

    // The published curves are means over 2600 steps before and after each 5000th; other rows reach as far in proportion.
    private const int PublishedSpacing = 5000;
    private const int PublishedWindow = 2600;
    private static readonly int[] Spacings = [25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000];

    private readonly int _every = every ??
        Spacings.FirstOrDefault(spacing => runs.LastStep / spacing <= MostRows && (!ShowsPublished(runs) || spacing % PublishedSpacing == 0), Spacings[^1]);

    private double Window => ShowsPublished(runs) && _every % PublishedSpacing == 0 ? PublishedWindow : _every * ((double)PublishedWindow / PublishedSpacing);

    public string ToMarkdown() => string.Join('\n', [.. Returns(), "", .. Costs()]);

    private IEnumerable<string> Returns()
    {
        var groups = runs.Groups;
        yield return Line(["steps", .. groups.Select(group => group.Name), .. runs.Published.Select(curve => $"{curve.Algorithm} as published")]);
        yield return Line(Enumerable.Repeat("---", 1 + groups.Count + runs.Published.Count));
        for (var step = _every; step <= runs.LastStep; step += _every)
        {
            string[] cells = [.. groups.Select(group => Cell(group.Runs, step)), .. runs.Published.Select(curve => Cell(curve, step))];
            // Before the first evaluation there is nothing to tell.
            if (cells.Take(groups.Count).Any(cell => cell != None)) yield return Line([Whole(step), .. cells]);
        }
    }

    private IEnumerable<string> Costs()
    {
        yield return Line(["runs", "seeds", "steps", "hours a seed", "seconds per 1000 steps", "machine"]);
        yield return Line(Enumerable.Repeat("---", 6));
        foreach (var (name, group) in runs.Groups)
            yield return Line(
                [
                    name, string.Join(", ", group.Select(run => run.Options.Seed).Order()), Range(group.Select(run => (double)run.Steps), "N0"),
                    Range(group.Select(run => run.Seconds / 3600), "F2"),
                    Range(group.Select(run => 1000 * run.Seconds / run.Steps), "F0"), MachinesOf(group),
                ]);
        foreach (var curve in runs.Published)
        {
            var count = curve.Steps.TakeWhile(step => step <= runs.LastStep).Count();
            if (count == 0) continue;
            var (step, seconds) = (curve.Steps[count - 1], curve.WallClockSeconds[count - 1]);
            yield return Line(
                [
                    $"{curve.Algorithm} as published", Invariant($"{curve.Runs} in all"), Whole(step),
                    (seconds / 3600).ToString("F2", CultureInfo.InvariantCulture), Whole(1000 * seconds / step),
                    "that of its authors",
                ]);
        }
    }

    // Runs that end before the first published value have rows of their own.
    private static bool ShowsPublished(TaskRuns runs) => runs.Published.Count > 0 && runs.LastStep >= PublishedSpacing;

    // Of each seed the mean of its evaluations around the step, as in the published curves; seeds that begin later, or have not come so far, do not count.
    private string Cell(IEnumerable<RecordedRun> group, int step)
    {
        RecordedRun[] counted = [.. group.Where(
            run => run.Evaluations[0].Step <= step && run.Evaluations[^1].Step >= step && run.Evaluations.Any(point => IsNear(point.Step, step)))];
        if (counted.Length == 0) return None;
        double[] returns = [.. counted.Select(run => run.Evaluations.Where(point => IsNear(point.Step, step)).Average(point => point.Return))];
        var deviation = returns.Length > 1 ? SeedSpread.Deviation(returns) : (double?)null;
        return Cell(returns.Average(), deviation, returns.Length) + (counted.Any(run => IsCut(run, step)) ? OneSided : "");
    }

    private bool IsNear(double evaluated, int step) => Math.Abs(evaluated - step) <= Window;

    // Whether an evaluation before the run's first or after its last, as far away as the next one is, would count, too.
    private bool IsCut(RecordedRun run, int step)
    {
        var steps = run.Evaluations;
        return steps.Count == 1 || IsNear(steps[0].Step - (steps[1].Step - steps[0].Step), step) ||
            IsNear(steps[^1].Step + (steps[^1].Step - steps[^2].Step), step);
    }

    // What was published, nothing in between.
    private static string Cell(PublishedReturns published, int step)
    {
        for (var index = 0; index < published.Steps.Count; index++)
            if (published.Steps[index] == step) return Cell(published.Mean[index], published.StandardDeviation[index], published.Runs);
        return None;
    }

    private static string Cell(double mean, double? deviation, int seeds) =>
        Invariant($"{Number(mean)}{(deviation is { } value ? $" ± {Number(value)}" : "")} ({seeds})");

    private static string MachinesOf(IEnumerable<RecordedRun> group) => string.Join("; ", group
        .SelectMany(run => run.Report?.Sessions ?? []).Select(
            session => Invariant($"{session.Machine.Processor}, {session.Machine.Cores} cores, {session.Machine.Torch}")).Distinct().DefaultIfEmpty("unknown"));

    private static string Range(IEnumerable<double> values, string format)
    {
        string[] texts = [.. values.Order().Select(value => value.ToString(format, CultureInfo.InvariantCulture))];
        return texts[0] == texts[^1] ? texts[0] : $"{texts[0]} to {texts[^1]}";
    }

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(Math.Abs(value) < 100 ? "F1" : "N0", CultureInfo.InvariantCulture);

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(MarkdownText.Cell))} |";
}
