using System.CommandLine;
using MbpoML.Plotting;
using MbpoML.Tool.Reports;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo plot</c>.</summary>
internal sealed class PlotCommand
{
    private readonly Argument<string[]> _runs = new("runs") { Description = "Folders of runs, or folders that hold some.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _out = new("--out")
    {
        Description = "The picture, .png or .svg; its numbers are written beside it as .csv. With several tasks a picture each, named by the task. Default: curves.png.",
        DefaultValueFactory = _ => "curves.png",
    };

    private readonly Option<bool> _published = new("--published") { Description = "Draw the published curves of the same task, too." };

    public static Command Create(ToolConsole console)
    {
        var parts = new PlotCommand();
        var command = new Command("plot", "Draws learning curves: mean and standard deviation over the seeds of each algorithm.") { parts._runs, parts._out, parts._published };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var file = parsed.GetValue(_out)!;
        if (Path.GetExtension(file) is not (".png" or ".svg")) throw new UsageException($"--out is '{file}', but a picture's name ends with .png or .svg.");
        var tasks = TaskRuns.Read(parsed.GetValue(_runs)!);
        foreach (var task in tasks)
        {
            var picture = tasks.Count == 1 ? file : $"{Path.ChangeExtension(file, null)}-{task.Task.Name}{Path.GetExtension(file)}";
            Draw(task, picture, parsed.GetValue(_published), console);
        }

        return ExitCodes.Success;
    }

    private static void Draw(TaskRuns task, string file, bool published, ToolConsole console)
    {
        var table = Path.ChangeExtension(file, ".csv");
        try
        {
            var plot = task.Plot(published);
            SeedAverageCsv.Write(table, plot.Averages());
            if (Path.GetExtension(file) == ".svg") plot.SaveSvg(file);
            else plot.SavePng(file);
        }
        catch (ArgumentException exception)
        {
            throw new ToolException(ExceptionText.Of(exception));
        }

        if (published && task.Published.Count == 0) console.Error.WriteLine($"There are no published curves of {task.Task.Name}; there are of {string.Join(", ", PublishedCurves.Tasks)}.");
        else if (published) console.Out.WriteLine(PublishedCurves.Source);
        console.Out.WriteLine($"wrote {file} and {table}");
    }
}
