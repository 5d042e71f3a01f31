namespace MbpoML.Experiments.Reports;

/// <summary>What stands below the tables of a report: how its numbers were made, and where the published ones come from.</summary>
internal static class ReportNotes
{
    /// <summary>The notes, a paragraph each.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<TaskRuns> tasks, ReturnReportOptions options)
    {
        yield return
            "Returns are means ± standard deviations over seeds; the number of seeds stands in parentheses. Each seed counts with the mean of its " +
            "evaluations within 2600 steps of the row's step, as the published curves were averaged. Where no curve of the task is published, the window " +
            "reaches about half a row's distance. \"Lowest\" is the lowest single evaluation of any seed in the window. " +
            $"{ReportCells.OneSided}: a run begins or ends within the window, so that the mean leans to one side of the step. A step before the first " +
            "evaluation has no value. Steps include the random exploration. Own deviations are the sample's (divided by seeds - 1).";
        if (tasks.Any(task => options.ThresholdOf(task) is not null))
            yield return
                "\"By the mean over seeds\" is the first step of the grid, every 5000 steps where curves are published, whose mean reaches the return. Of a " +
                "published curve it is the first published step, so that a curve with few points comes late. The median seed is judged by its first single " +
                "evaluation at or above the return: a lucky one is enough. Minutes are those of training up to that step, on the machine of the table below.";
        foreach (var source in tasks.SelectMany(task => ReturnReport.PublishedOf(task, options)).Select(curve => curve.Source).Distinct()) yield return source;
    }
}
