using System.CommandLine;
using MbpoML.Experiments.Reports;
using MbpoML.Plotting;
using MbpoML.Tool.Reports;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo plot</c>.</summary>
internal sealed class PlotCommand
{
    private readonly Argument<string[]> _runs = new("runs") { Description = "Folders of runs, or folders that hold some.", Arity = ArgumentArity.OneOrMore };
    private readonly PictureOption _out = new("curves.png");
    private readonly Option<bool> _published = new("--published") { Description = "Draw the published curves of the same task, too." };

    public static Command Create(ToolConsole console)
    {
        var parts = new PlotCommand();
        var command = new Command("plot",
            "Draws learning curves: mean and standard deviation over the seeds of each algorithm. With several tasks a picture each, named by the task.")
        {
            parts._runs, parts._out.Option, parts._published,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var file = _out.Read(parsed);
        var tasks = TaskRuns.Read(parsed.GetValue(_runs)!, TaskList.Catalog, console.Error.WriteLine);
        foreach (var task in tasks)
        {
            Draw(task, tasks.Count == 1 ? file : PictureOption.With(file, MarkdownText.FileName(task.Task.Name)), parsed.GetValue(_published), console);
        }

        return ExitCodes.Success;
    }

    private static void Draw(TaskRuns task, string file, bool published, ToolConsole console)
    {
        if (published && task.Published.Count == 0)
            console.Error.WriteLine($"There are no published curves of {task.Task.Name}; there are of {string.Join(", ", PublishedCurves.Tasks)}.");
        else if (published) console.Out.WriteLine(PublishedCurves.Source);
        PictureOption.Save(task.Plot(published), file, console);
    }
}
