using System.CommandLine;
using System.Text;
using MbpoML.Plotting;
using MbpoML.Tool.Reports;
using MbpoML.Training.Checkpoints;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo report</c>.</summary>
internal sealed class ReportCommand
{
    private const string Begin = "<!-- mbpo report: begin -->";
    private const string End = "<!-- mbpo report: end -->";

    private readonly Argument<string[]> _runs = new("runs") { Description = "Folders of runs, or folders that hold some.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _every = new("--every") { Description = "Steps between two rows of the table. Default: such that there are at most twelve." };
    private readonly Option<string?> _into = new("--into")
    {
        Description = $"A Markdown page: what stands in it between '{Begin}' and '{End}' is replaced. Default: the report is printed.",
    };

    private readonly Option<string?> _pictures = new("--pictures") { Description = "A folder for the curves as pictures, linked from the report." };

    public static Command Create(ToolConsole console)
    {
        var parts = new ReportCommand();
        var command = new Command("report", "Makes Markdown tables of runs: returns at equal steps beside the published ones, wall-clock time and machine.") { parts._runs, parts._every, parts._into, parts._pictures };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        if (parsed.GetValue(_every) is { } every and < 1) throw new UsageException(Invariant($"--every is {every}, but must be at least 1."));
        var (page, pictures) = (parsed.GetValue(_into), parsed.GetValue(_pictures));
        if (page is not null) CheckMarkers(page);
        var report = Compose(TaskRuns.Read(parsed.GetValue(_runs)!, console.Error.WriteLine), parsed.GetValue(_every), pictures, page);
        if (page is null)
        {
            console.Out.Write(report);
            return ExitCodes.Success;
        }

        var text = File.ReadAllText(page);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        AtomicFile.Write(page, stream => stream.Write(Encoding.UTF8.GetBytes($"{text[..begin]}\n\n{report}\n{text[end..]}")));
        console.Out.WriteLine($"wrote {page}");
        return ExitCodes.Success;
    }

    private static string Compose(IReadOnlyList<TaskRuns> tasks, int? every, string? pictures, string? page)
    {
        var text = new StringBuilder();
        foreach (var task in tasks)
        {
            if (text.Length > 0) text.Append('\n');
            text.Append("### ").Append(task.Task.Name).Append("\n\n").Append(new ReturnTable(task, every).ToMarkdown()).Append('\n');
            if (pictures is not null) text.Append('\n').Append(MarkdownText.Picture($"{task.Task.Name}: return over environment steps", Draw(task, pictures, page))).Append('\n');
        }

        text.Append("\nReturns are means ± standard deviations over seeds, whose number stands in parentheses; of each seed, the mean of its evaluations ");
        text.Append("within half a row's distance of the step, or, where rows are those of the published curves, within their 2600 steps. ");
        text.Append($"{ReturnTable.OneSided}: a run begins or ends within that distance, so that the mean leans to one side of the step. A step before the first evaluation has none. ");
        text.Append("Steps include the random exploration. Own deviations are the sample's (divided by seeds - 1).\n");
        if (tasks.Any(task => task.Published.Count > 0)) text.Append($"{PublishedCurves.Source}\n");
        return text.ToString();
    }

    // The link as the page sees it.
    private static string Draw(TaskRuns task, string pictures, string? page)
    {
        var file = Path.Combine(pictures, $"{MarkdownText.FileName(task.Task.Name.ToLowerInvariant())}.png");
        var plot = task.Plot(published: true);
        plot.SavePng(file);
        SeedAverageCsv.Write(Path.ChangeExtension(file, ".csv"), plot.Averages());
        return Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(page ?? ".")) ?? ".", Path.GetFullPath(file)).Replace('\\', '/');
    }

    private static void CheckMarkers(string page)
    {
        if (!File.Exists(page)) throw new UsageException($"There is no page '{page}'.");
        var text = File.ReadAllText(page);
        if (text.IndexOf(Begin, StringComparison.Ordinal) is var begin && (begin < 0 || text.IndexOf(End, begin, StringComparison.Ordinal) < 0))
            throw new UsageException($"'{page}' has no place for the report: write the two lines '{Begin}' and '{End}' where it belongs.");
    }
}
