using System.CommandLine;
using MbpoML.Experiments.Reports;
using MbpoML.Plotting;
using MbpoML.Tool.Reports;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo report</c>.</summary>
internal sealed class ReportCommand
{
    private readonly Argument<string[]> _runs =
        new("runs") { Description = "Folders of runs, curve files, or folders that hold some.", Arity = ArgumentArity.OneOrMore };

    private readonly Option<int?> _every = new("--every")
    {
        Description =
            "Steps between two rows of the table. Default: 5,000 to 300,000 where curves of the task are published, else such that there are at most twelve.",
    };

    private readonly PublishedOption _published =
        new("The published curves in tables and pictures, as in macura,dhmbpo. Default: eight in tables, of which pictures show MBPO and its successors.");

    private readonly ThresholdOption _threshold = new();
    private readonly CurvesOption _curves = new();
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
            "report", "Makes Markdown tables of runs: returns at equal steps and steps to a return beside the published ones, wall-clock time and machine.")
        {
            parts._runs, parts._every, parts._published.Option, parts._threshold.Option, parts._into, parts._pictures, parts._curves.Option,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        if (parsed.GetValue(_every) is { } every and < 1) throw new UsageException(Invariant($"--every is {every}, but must be at least 1."));
        var (page, pictures) = (parsed.GetValue(_into), parsed.GetValue(_pictures));
        if (page is not null) ReturnReport.RequirePlace(page);
        var (inTables, inPictures) = (_published.ForTables(parsed), _published.ForPictures(parsed));
        var tasks = TaskRuns.Read(parsed.GetValue(_runs)!, TaskList.Catalog, console.Error.WriteLine);
        var thresholds = _threshold.Read(parsed, tasks);
        _curves.Write(parsed, tasks, page is null ? console.Error : console.Out);
        var report = ReturnReport.ToMarkdown(tasks, new ReturnReportOptions
        {
            Every = parsed.GetValue(_every),
            Published = inTables,
            ThresholdOf = task => thresholds.TryGetValue(task.Task, out var given) ? given : task.Threshold,
            CommandOf = task => ReportCommandLine.Of(task, parsed.GetValue(_every), _published.IsGiven(parsed) ? inTables : null,
                thresholds.TryGetValue(task.Task, out var given) ? given : null),
            PictureOf = pictures is null ? null : task => Draw(task, inPictures, pictures, page),
        });
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
    private static string Draw(TaskRuns task, IReadOnlyList<string> published, string pictures, string? page)
    {
        var file = Path.Combine(pictures, $"{MarkdownText.FileName(task.Task.ToLowerInvariant())}.png");
        var plot = task.Plot(published);
        plot.SavePng(file, height: plot.FittingHeight);
        SeedAverageCsv.Write(Path.ChangeExtension(file, ".csv"), plot.Averages());
        return MarkdownText.Address(page, file);
    }
}
