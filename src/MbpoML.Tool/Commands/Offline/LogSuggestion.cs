using MbpoML.Datasets;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>A command line to begin with, from what a log seems to hold.</summary>
internal static class LogSuggestion
{
    /// <summary>The lines; none for a log of transitions, which needs no options.</summary>
    public static IEnumerable<string> Lines(string path, LogDescription found)
    {
        if (found.HoldsTransitions) yield break;
        yield return "";
        yield return "A start, by names and numbers alone; whoever knows the plant decides:";
        yield return $"mbpo offline train {ShellText.Quoted(path)} {string.Join(' ', Options(found))}";
        if (found.Act.Count == 0) yield return "No name of a column sounds like an action: --act must name at least one.";
    }

    private static IEnumerable<string> Options(LogDescription found)
    {
        yield return $"--observe {Names(found.Observe)}";
        if (found.SetPoints.Count > 0) yield return $"--set-points {Names(found.SetPoints)}";
        yield return $"--act {Names(found.Act)}";
        if (found.Time is { } time) yield return $"--time {ShellText.Quoted(time)}";
        if (found.Episode is { } episode) yield return $"--episode {ShellText.Quoted(episode)}";
        // Where times are equal, too, the rows are likely not in their order.
        if (found is { BackwardTimes: > 0, EqualTimes: 0 }) yield return "--time-restarts";
        string[] used = [.. found.Observe, .. found.SetPoints, .. found.Act];
        if (found.Columns.Any(column => column.Missing > 0 && used.Contains(column.Name))) yield return "--skip-missing";
        yield return $"--reward {ShellText.Quoted(found.Reward ?? Formula(found))}";
    }

    private static string Names(IReadOnlyList<string> names) => names.Count > 0 ? ShellText.Quoted(string.Join(',', names)) : "?";

    // The squared distances of what is measured from its set point: the first of both, the second of both.
    private static string Formula(LogDescription found) => found.SetPoints.Count == 0 || found.Observe.Count == 0 ? "?"
        : "-" + string.Join(" - ", found.Observe.Zip(found.SetPoints).Select(pair => $"([next_{pair.First}] - [{pair.Second}])**2"));
}
