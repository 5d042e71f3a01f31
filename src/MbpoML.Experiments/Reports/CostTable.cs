using System.Globalization;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Reports;

/// <summary>The table of what the runs of one task took, and on which machine, beside the published ones.</summary>
internal sealed class CostTable(TaskRuns runs, IReadOnlyList<PublishedReturns> published)
{
    private const string Theirs = "that of its authors";

    public IEnumerable<string> Lines()
    {
        yield return ReportCells.Line(["runs", "seeds", "steps", "hours a seed", "seconds per 1000 steps", "machine"]);
        yield return ReportCells.Rule(6);
        foreach (var (name, group) in runs.Groups)
            yield return ReportCells.Line(
                [
                    name, string.Join(", ", group.Select(run => run.Seed).Order()), Range(group.Select(run => (double)run.Steps), "N0"),
                    Range(group.Select(run => run.Seconds / 3600), "F2"), Range(group.Select(run => 1000 * run.Seconds / run.Steps), "F0"), MachinesOf(group),
                ]);
        foreach (var curve in published)
        {
            var count = curve.Steps.TakeWhile(step => step <= runs.LastStep).Count();
            if (count > 0) yield return ReportCells.Line([$"{curve.Name} as published", Invariant($"{curve.Runs} in all"), .. Costs(curve, count - 1)]);
        }
    }

    private static IEnumerable<string> Costs(PublishedReturns curve, int index)
    {
        var step = curve.Steps[index];
        if (curve.WallClockSeconds.Count == 0) return [ReportCells.Whole(step), ReportCells.None, ReportCells.None, "not recorded"];
        var seconds = curve.WallClockSeconds[index];
        return [ReportCells.Whole(step), (seconds / 3600).ToString("F2", CultureInfo.InvariantCulture), ReportCells.Whole(1000 * seconds / step), Theirs];
    }

    private static string MachinesOf(IEnumerable<RecordedRun> group) =>
        string.Join("; ", group.SelectMany(run => run.Machines).Distinct().DefaultIfEmpty("unknown"));

    private static string Range(IEnumerable<double> values, string format)
    {
        string[] texts = [.. values.Order().Select(value => value.ToString(format, CultureInfo.InvariantCulture))];
        return texts[0] == texts[^1] ? texts[0] : $"{texts[0]} to {texts[^1]}";
    }
}
