using System.Text;
using MbpoML.Experiments.Tasks;
using MbpoML.Training.Checkpoints;

namespace MbpoML.Experiments.Reports;

/// <summary>The Markdown tables of runs beside the published ones: returns at equal steps, steps and time to a return, wall-clock time and machine.</summary>
public static class ReturnReport
{
    /// <summary>The line of a page after which a report stands.</summary>
    public const string Begin = "<!-- mbpo report: begin -->";

    /// <summary>The line of a page before which a report ends.</summary>
    public const string End = "<!-- mbpo report: end -->";

    /// <summary>Composes a report as a Markdown text.</summary>
    /// <param name="tasks">The runs to report, by task.</param>
    /// <param name="options">What it shows; null for the defaults.</param>
    /// <exception cref="ArgumentException">The steps between two rows are fewer than 1, or a threshold is not finite.</exception>
    public static string ToMarkdown(IReadOnlyList<TaskRuns> tasks, ReturnReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        options ??= new ReturnReportOptions();
        options.Validate();
        var text = new StringBuilder();
        foreach (var task in tasks)
        {
            ArgumentNullException.ThrowIfNull(task, nameof(tasks));
            if (text.Length > 0) text.Append('\n');
            text.AppendJoin('\n', Section(task, options)).Append('\n');
        }

        text.Append('\n').AppendJoin('\n', ReportNotes.Of(tasks, options)).Append('\n');
        return text.ToString();
    }

    private static List<string> Section(TaskRuns task, ReturnReportOptions options)
    {
        var (window, published) = (new ReturnWindow(task, options.Every), PublishedOf(task, options));
        List<string> lines = [$"### {MarkdownText.Plain(task.Task)}", ""];
        if (options.CommandOf is { } commandOf) lines.AddRange([$"    {commandOf(task)}", ""]);
        lines.AddRange([.. new ReturnTable(task, window, published).Lines(), ""]);
        if (options.ThresholdOf(task) is { } threshold)
        {
            if (!double.IsFinite(threshold))
                throw new ArgumentException(Invariant($"The threshold of {task.Task} is {threshold}, but must be a finite return."), nameof(options));
            lines.AddRange([.. new ThresholdTable(task, window, published, threshold).Lines(), ""]);
        }

        lines.AddRange(new CostTable(task, published).Lines());
        if (options.PictureOf is { } pictureOf) lines.AddRange(["", MarkdownText.Picture($"{task.Task}: return over environment steps", pictureOf(task))]);
        return lines;
    }

    /// <summary>The published curves of a task that a report shows.</summary>
    internal static IReadOnlyList<PublishedReturns> PublishedOf(TaskRuns task, ReturnReportOptions options) =>
        [.. options.Published.SelectMany(name => task.Published.Where(curve => curve.Name == name))];

    /// <summary>Finds out whether a page has a place for a report.</summary>
    /// <param name="page">The path of the page, a Markdown file.</param>
    /// <exception cref="RunSpecException">There is no such page, or it lacks the lines <see cref="Begin"/> and <see cref="End"/>.</exception>
    public static void RequirePlace(string page)
    {
        ArgumentNullException.ThrowIfNull(page);
        if (!File.Exists(page)) throw new RunSpecException($"There is no page '{page}'.");
        Find(File.ReadAllText(page), page);
    }

    /// <summary>Replaces what stands on a page between <see cref="Begin"/> and <see cref="End"/>; the page is written whole or not at all.</summary>
    /// <param name="page">The path of the page, a Markdown file.</param>
    /// <param name="report">The text that replaces what stands there.</param>
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
