using System.CommandLine;
using MbpoML.Experiments.Execution;
using MbpoML.Tool.Tasks;
using MbpoML.Training.Watches;

namespace MbpoML.Tool.Commands;

/// <summary>
/// The hidden command <c>mbpo work</c>: one of several runs, in a process that another <c>mbpo</c> started. It stops at the end of its input.
/// </summary>
internal static class WorkCommand
{
    public static Command Create(ToolConsole console)
    {
        var folder = new Argument<string>("run");
        var command = new Command("work", "Trains the run of a folder for another process.") { folder };
        command.Hidden = true;
        command.SetAction(parsed => Run(RunFolders.Existing(parsed.GetValue(folder)!), console));
        return command;
    }

    private static int Run(RunFolder folder, ToolConsole console)
    {
        using var signals = new TerminationSignals();
        return RunWorker.Run(folder, TaskList.Catalog, Console.OpenStandardInput(), console.Out, signals.Token);
    }
}
