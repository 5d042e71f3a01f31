using System.CommandLine;
using MbpoML.Experiments.Reports;
using MbpoML.Plotting;
using MbpoML.Tool.Reports;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo plot</c>.</summary>
internal sealed class PlotCommand
{
    private readonly Argument<string[]> _runs =
        new("runs") { Description = "Folders of runs, curve files, or folders that hold some.", Arity = ArgumentArity.OneOrMore };

    private readonly PictureOption _out = new("curves.png");
    private readonly CurvesOption _curves = new();
    private readonly PublishedOption _published =
        new("Draw published curves of the same task, too, as in macura,dhmbpo; without names those of MBPO and its successors.");

    public static Command Create(ToolConsole console)
    {
        var parts = new PlotCommand();
        var command = new Command("plot",
            "Draws learning curves: mean and standard deviation over the seeds of each algorithm. With several tasks a picture each, named by the task.")
        {
            parts._runs, parts._out.Option, parts._published.Option, parts._curves.Option,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var file = _out.Read(parsed);
        var published = _published.IsGiven(parsed) ? _published.ForPictures(parsed) : [];
        var tasks = TaskRuns.Read(parsed.GetValue(_runs)!, TaskList.Catalog, console.Error.WriteLine);
        _curves.Write(parsed, tasks, console.Out);
        foreach (var task in tasks)
            Draw(task, tasks.Count == 1 ? file : PictureOption.With(file, MarkdownText.FileName(task.Task)), published, console);
        return ExitCodes.Success;
    }

    private static void Draw(TaskRuns task, string file, IReadOnlyList<string> published, ToolConsole console)
    {
        if (published.Count > 0 && task.Published.Count == 0)
            console.Error.WriteLine($"There are no published curves of {task.Task}; there are of {string.Join(", ", PublishedCurves.Tasks)}.");
        foreach (var source in task.Published.Where(curve => published.Contains(curve.Name)).Select(curve => curve.Source).Distinct())
            console.Out.WriteLine($"Published: {source}");
        PictureOption.Save(task.Plot(published), file, console);
    }
}
