using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Reports;

/// <summary>The table of steps and time until a return was reached, beside the published ones.</summary>
internal sealed class ThresholdTable(TaskRuns runs, ReturnWindow window, IReadOnlyList<PublishedReturns> published, double threshold)
{
    public IEnumerable<string> Lines()
    {
        yield return ReportCells.Line(
            [
                $"return {ReportCells.Number(threshold)} reached", "by the mean over seeds, steps", "minutes", "by the median seed's first evaluation, steps",
                "minutes", "seeds that reach it",
            ]);
        yield return ReportCells.Rule(6);
        foreach (var (name, group) in runs.Groups) yield return ReportCells.Line([name, .. Mean(group), .. Median(group)]);
        foreach (var curve in published)
            yield return ReportCells.Line([$"{curve.Name} as published", .. Mean(curve), ReportCells.None, ReportCells.None, ReportCells.None]);
    }

    // On the grid of the published curves, and averaged as they are.
    private string[] Mean(IReadOnlyList<RecordedRun> group)
    {
        foreach (var step in window.Grid)
        {
            if (window.Around(group, step) is { } reached && reached.Mean >= threshold)
                return [Invariant($"{ReportCells.Whole(step)} ({reached.Seeds})"), Minutes(reached.Seconds)];
        }

        return NotBy(group.Max(run => run.Evaluations[^1].Step));
    }

    private string[] Mean(PublishedReturns curve)
    {
        for (var index = 0; index < curve.Steps.Count; index++)
        {
            if (curve.Mean[index] >= threshold)
                return
                [
                    Invariant($"{ReportCells.Whole(curve.Steps[index])} ({curve.Runs})"),
                    curve.WallClockSeconds.Count > 0 ? Minutes(curve.WallClockSeconds[index]) : ReportCells.None,
                ];
        }

        return NotBy(curve.Steps[^1]);
    }

    // A seed that does not reach it comes after all that do.
    private string[] Median(IReadOnlyList<RecordedRun> group)
    {
        RunEvaluation?[] first = [.. group.Select(run => run.Evaluations.FirstOrDefault(point => point.Return >= threshold))
            .OrderBy(point => point?.Step ?? long.MaxValue)];
        var reached = Invariant($"{first.Count(point => point is not null)} of {first.Length}");
        var (low, high) = (first[(first.Length - 1) / 2], first[first.Length / 2]);
        return low is null || high is null ? [.. NotBy(group.Max(run => run.Evaluations[^1].Step)), reached]
            : [ReportCells.Whole((low.Step + high.Step) / 2.0), Minutes((low.Seconds + high.Seconds) / 2), reached];
    }

    private static string[] NotBy(double step) => [$"not by {ReportCells.Whole(step)}", ReportCells.None];

    private static string Minutes(double seconds) => ReportCells.Number(seconds / 60);
}
