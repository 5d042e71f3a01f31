using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Reports;

/// <summary>The table of one task's returns at equal steps, beside the published ones.</summary>
internal sealed class ReturnTable(TaskRuns runs, ReturnWindow window, IReadOnlyList<PublishedReturns> published)
{
    public IEnumerable<string> Lines()
    {
        var groups = runs.Groups;
        // What is published at none of the steps takes no column.
        PublishedReturns[] shown = [.. published.Where(curve => window.Rows.Any(step => Cell(curve, step) != ReportCells.None))];
        yield return ReportCells.Line(["steps", .. groups.Select(group => group.Name), .. shown.Select(curve => $"{curve.Name} as published")]);
        yield return ReportCells.Rule(1 + groups.Count + shown.Length);
        foreach (var step in window.Rows)
        {
            WindowMean?[] own = [.. groups.Select(group => window.Around(group.Runs, step))];
            // Before the first evaluation there is nothing to tell.
            if (own.All(cell => cell is null)) continue;
            yield return ReportCells.Line(
                [
                    ReportCells.Whole(step), .. own.Select(cell => cell is null ? ReportCells.None : ReportCells.Of(cell)),
                    .. shown.Select(curve => Cell(curve, step)),
                ]);
        }
    }

    // What was published, nothing in between.
    private static string Cell(PublishedReturns curve, int step)
    {
        for (var index = 0; index < curve.Steps.Count; index++)
            if (curve.Steps[index] == step) return ReportCells.Of(curve.Mean[index], curve.StandardDeviation[index], curve.Runs);
        return ReportCells.None;
    }
}
