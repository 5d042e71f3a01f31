using System.CommandLine;
using System.Globalization;
using MbpoML.Data;
using MbpoML.Data.TimeSeries;
using MbpoML.Datasets;
using MbpoML.Tool.Display;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>The command <c>mbpo offline describe</c>: what a log holds, and what may be what.</summary>
internal sealed class DescribeCommand
{
    private readonly LogOptions _options = new();

    public static Command Create(ToolConsole console)
    {
        var parts = new DescribeCommand();
        var command = new Command(
            "describe",
            "Tells what a log holds: columns, ranges, times, gaps, episodes, returns; and suggests what may be what, or tells what your options make.");
        parts._options.AddTo(command);
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var path = parsed.GetValue(_options.Log)!;
        // A run, or a file whose columns are known by their order: these are transitions, and no table is behind them.
        var isRead = _options.NameTransitions(parsed);
        var found = isRead ? Described(parsed) : Diagnose.DiagnoseCommand.Ask(
            () => LogDescription.Of(LogFile.Open(path), parsed.GetValue(_options.Time), parsed.GetValue(_options.Episode)));
        foreach (var line in Head(path, found)) console.Out.WriteLine(line);
        console.Out.WriteLine();
        console.Rich.Write(Columns(found));
        if (isRead) return ExitCodes.Success;
        var rest = _options.AreGiven(parsed, isTable: !found.HoldsTransitions) ? Made(parsed) : LogSuggestion.Lines(path, found);
        foreach (var line in rest) console.Out.WriteLine(line);
        return ExitCodes.Success;
    }

    private LogDescription Described(ParseResult parsed)
    {
        using var table = TransitionReader.Read(LogRewards.Replace(_options.Read(parsed, new MLContext()), _options.RewardOf(parsed)));
        return LogDescription.Of(table.ToEpisodes());
    }

    private IEnumerable<string> Made(ParseResult parsed)
    {
        var log = _options.Read(parsed, new MLContext());
        var found = LogDescription.Of(log);
        var (shortest, longest) = found.EpisodeRows;
        yield return "";
        yield return Invariant($"These options make {found.Rows} transitions in {found.EpisodeCount} episode(s) of {shortest} to {longest} steps.");
        if (log is TimeSeriesLog series)
            yield return Invariant($"A step takes {series.SamplingTime:g6}; {series.Gaps} gap(s), {series.Restarts} restart(s). Observed: ") +
                string.Join(", ", series.ObservationNames) + ".";
        if (found.Returns is var (mean, least, greatest))
            yield return Invariant($"Returns of the episodes: mean {mean:g6}, from {least:g6} to {greatest:g6}.");
    }

    private static IEnumerable<string> Head(string path, LogDescription found)
    {
        var (name, (shortest, longest)) = (Path.GetFileName(path.TrimEnd('/', '\\')), found.EpisodeRows);
        yield return Invariant($"{name}: {found.Rows} {(found.HoldsTransitions ? "transitions" : "rows")}, {found.EpisodeCount} episode(s)") +
            (found.Episode is { } episode ? $" by '{episode}'" : "") + Invariant($" of {shortest} to {longest} rows.");
        if (found.SamplingTime is { } time)
            yield return Invariant($"Times: '{found.Time}', {time:g6} between two rows; {found.Gaps} gap(s), the longest {found.LongestGap:g6}") +
                Invariant($"; {found.EqualTimes} equal, {found.BackwardTimes} backward.");
        else if (!found.HoldsTransitions) yield return "Times: no column of times was found; --time names one.";
        if (found.Returns is var (mean, least, greatest))
            yield return Invariant($"Returns of the episodes: mean {mean:g6}, from {least:g6} to {greatest:g6}.");
        string[] constant = [.. found.Columns.Where(column => column.IsConstant).Select(column => $"'{column.Name}'")];
        if (constant.Length > 0) yield return $"The same in all rows: {string.Join(", ", constant)}.";
    }

    private static PlainTable Columns(LogDescription found)
    {
        var table = new PlainTable("column", "holds", "least", "greatest", "mean", "deviation", "missing", "changes");
        foreach (var column in found.Columns)
            table.AddRow(
                column.Name, column.Kind switch { ColumnKind.Text => "text", ColumnKind.Time => "times", _ => "numbers" }, Number(column.Minimum),
                Number(column.Maximum), Number(column.Mean), Number(column.Deviation), Count(column.Missing), Count(column.Changes));
        return table;
    }

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("g6", CultureInfo.InvariantCulture);

    private static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);
}
