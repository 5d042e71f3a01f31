using System.Text;
using MbpoML.Training.Checkpoints;

namespace MbpoML.Experiments.Reports;

/// <summary>The Markdown tables of runs: returns at equal steps beside the published ones, wall-clock time and machine.</summary>
public static class ReturnReport
{
    /// <summary>The line of a page after which a report stands.</summary>
    public const string Begin = "<!-- mbpo report: begin -->";

    /// <summary>The line of a page before which a report ends.</summary>
    public const string End = "<!-- mbpo report: end -->";

    /// <summary>Composes a report.</summary>
    /// <param name="tasks">The runs, by task.</param>
    /// <param name="every">Steps between two rows of a table, at least 1; null for such that there are at most twelve.</param>
    /// <param name="pictureOf">Gives the address of a picture of a task's curves, as the page sees it; null for no pictures.</param>
    /// <exception cref="ArgumentOutOfRangeException">The steps between two rows are fewer than 1.</exception>
    public static string ToMarkdown(IReadOnlyList<TaskRuns> tasks, int? every = null, Func<TaskRuns, string>? pictureOf = null)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (every is { } steps) ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1, nameof(every));
        var text = new StringBuilder();
        foreach (var task in tasks)
        {
            ArgumentNullException.ThrowIfNull(task, nameof(tasks));
            if (text.Length > 0) text.Append('\n');
            text.Append("### ").Append(task.Task.Name).Append("\n\n").Append(new ReturnTable(task, every).ToMarkdown()).Append('\n');
            if (pictureOf is not null)
                text.Append('\n').Append(MarkdownText.Picture($"{task.Task.Name}: return over environment steps", pictureOf(task))).Append('\n');
        }

        text.Append("\nReturns are means ± standard deviations over seeds, whose number stands in parentheses; of each seed, the mean of its evaluations ");
        text.Append("within half a row's distance of the step, or, where rows are those of the published curves, within their 2600 steps. ");
        text.Append(
            $"{ReturnTable.OneSided}: a run begins or ends within that distance, so that the mean leans to one side of the step. A step before the first " +
                "evaluation has none. ");
        text.Append("Steps include the random exploration. Own deviations are the sample's (divided by seeds - 1).\n");
        foreach (var source in tasks.SelectMany(task => task.Published).Select(published => published.Source).Distinct()) text.Append(source).Append('\n');
        return text.ToString();
    }

    /// <summary>Finds out whether a page has a place for a report.</summary>
    /// <param name="page">The file of the page.</param>
    /// <exception cref="RunSpecException">There is no such page, or it lacks the lines <see cref="Begin"/> and <see cref="End"/>.</exception>
    public static void RequirePlace(string page)
    {
        ArgumentNullException.ThrowIfNull(page);
        if (!File.Exists(page)) throw new RunSpecException($"There is no page '{page}'.");
        Find(File.ReadAllText(page), page);
    }

    /// <summary>Replaces what stands on a page between <see cref="Begin"/> and <see cref="End"/>; the page is written whole or not at all.</summary>
    /// <param name="page">The file of the page.</param>
    /// <param name="report">The report.</param>
    /// <exception cref="RunSpecException">There is no such page, or it lacks the lines.</exception>
    public static void WriteInto(string page, string report)
    {
        ArgumentNullException.ThrowIfNull(report);
        RequirePlace(page);
        var text = File.ReadAllText(page);
        var (begin, end) = Find(text, page);
        AtomicFile.Write(page, stream => stream.Write(Encoding.UTF8.GetBytes($"{text[..begin]}\n\n{report}\n{text[end..]}")));
    }

    private static (int Begin, int End) Find(string text, string page)
    {
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : text.IndexOf(End, begin, StringComparison.Ordinal);
        return end >= 0 ? (begin + Begin.Length, end)
            : throw new RunSpecException($"'{page}' has no place for the report: write the two lines '{Begin}' and '{End}' where it belongs.");
    }
}
