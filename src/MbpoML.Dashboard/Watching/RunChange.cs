using MbpoML.Dashboard.Runs;

namespace MbpoML.Dashboard.Watching;

/// <summary>What happened to a run since the last look.</summary>
/// <param name="Run">What the page tells of it now.</param>
/// <param name="Rows">The rows that are new; null where the page has to ask for its curves again.</param>
internal sealed record RunChange(RunSummary Run, IReadOnlyList<NewRow>? Rows)
{
    // More come where a file is copied into the folder, and are cheaper as curves.
    private const int MostRows = 100;

    /// <summary>The change after a look that found rows from the first one on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="first">The first row that is new or changed; null where none is.</param>
    /// <param name="rowsBefore">The rows that it had before.</param>
    public static RunChange Of(WatchedRun run, int? first, int rowsBefore)
    {
        var table = run.Table;
        if (first is null) return new RunChange(run.Summary, []);
        if (first < rowsBefore || table.Count - first > MostRows) return new RunChange(run.Summary, null);
        return new RunChange(run.Summary, [.. Enumerable.Range(first.Value, table.Count - first.Value).Select(row => new NewRow(
            table.StepOf(row), Math.Round(table.SecondsAt(row) ?? -1, 1),
            table.Columns.Where(column => column.Value.Has(row)).ToDictionary(column => column.Key, column => column.Value.At(row)!.Value)))]);
    }
}
