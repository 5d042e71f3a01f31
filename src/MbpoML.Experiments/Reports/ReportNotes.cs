namespace MbpoML.Experiments.Reports;

/// <summary>What stands below the tables of a report: how its numbers were made, and where the published ones come from.</summary>
internal static class ReportNotes
{
    /// <summary>The notes, a paragraph each.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<TaskRuns> tasks, ReturnReportOptions options)
    {
        yield return
            "Returns are means ± standard deviations over seeds, whose number stands in parentheses; of each seed, the mean of its evaluations within half a " +
            "row's distance of the step, or, where curves of the task are published, within 2600 steps, as these were averaged. \"Lowest\" is the lowest " +
            $"single evaluation of any seed in that window. {ReportCells.OneSided}: a run begins or ends within that distance, so that the mean leans to one " +
            "side of the step. A step before the first evaluation has none. Steps include the random exploration. Own deviations are the sample's (divided " +
            "by seeds - 1).";
        if (tasks.Any(task => options.ThresholdOf(task) is not null))
            yield return
                "A return is reached by the mean over seeds at the first step of the grid (every 5000 steps where curves are published) whose mean, averaged as " +
                "above, is at least that; of the published curves, at the first published step. A curve that is published rarely looks later for that reason " +
                "alone. The median seed is that of the first single evaluation at or above it, where one lucky evaluation is enough. Minutes are those of " +
                "training up to that step, on the machine that the table below names.";
        foreach (var source in tasks.SelectMany(task => ReturnReport.PublishedOf(task, options)).Select(curve => curve.Source).Distinct()) yield return source;
    }
}
