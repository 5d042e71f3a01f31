using System.CommandLine;
using MbpoML.Experiments.Reports;
using MbpoML.Plotting;
using MbpoML.Tool.Reports;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo report</c>.</summary>
internal sealed class ReportCommand
{
    private readonly Argument<string[]> _runs = new("runs") { Description = "Folders of runs, or folders that hold some.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _every = new("--every") { Description = "Steps between two rows of the table. Default: such that there are at most twelve." };
    private readonly Option<string?> _into = new("--into")
    {
        Description =
            $"A Markdown page: what stands in it between '{ReturnReport.Begin}' and '{ReturnReport.End}' is replaced. Default: the report is printed.",
    };

    private readonly Option<string?> _pictures = new("--pictures") { Description = "A folder for the curves as pictures, linked from the report." };

    public static Command Create(ToolConsole console)
    {
        var parts = new ReportCommand();
        var command = new Command(
            "report", "Makes Markdown tables of runs: returns at equal steps beside the published ones, wall-clock time and machine.") { parts._runs,
                parts._every, parts._into, parts._pictures };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        if (parsed.GetValue(_every) is { } every and < 1) throw new UsageException(Invariant($"--every is {every}, but must be at least 1."));
        var (page, pictures) = (parsed.GetValue(_into), parsed.GetValue(_pictures));
        if (page is not null) ReturnReport.RequirePlace(page);
        var tasks = TaskRuns.Read(parsed.GetValue(_runs)!, TaskList.Catalog, console.Error.WriteLine);
        var report = ReturnReport.ToMarkdown(tasks, parsed.GetValue(_every), pictures is null ? null : task => Draw(task, pictures, page));
        if (page is null)
        {
            console.Out.Write(report);
            return ExitCodes.Success;
        }

        ReturnReport.WriteInto(page, report);
        console.Out.WriteLine($"wrote {page}");
        return ExitCodes.Success;
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
}
