using System.CommandLine;
using System.Text;
using MbpoML.Experiments.Execution;
using MbpoML.Tool.Tasks;
using MbpoML.Training.Watches;

namespace MbpoML.Tool.Commands;

/// <summary>
/// The hidden command <c>mbpo work</c>: one of several runs, in a process that another <c>mbpo</c> started. It stops at the end of its input.
/// </summary>
internal static class WorkCommand
{
    // Letters of an epoch with all its metrics, and more.
    private const int LongestLine = 64 * 1024;

    public static Command Create(ToolConsole console)
    {
        var folder = new Argument<string>("run");
        var interval = new Option<double>("--interval") { Description = "Seconds between two signs of life.", DefaultValueFactory = _ => 0.1 };
        var command = new Command("work", "Trains the run of a folder for another process.") { folder, interval };
        command.Hidden = true;
        command.SetAction(parsed => Run(RunFolders.Existing(parsed.GetValue(folder)!), TimeSpan.FromSeconds(parsed.GetValue(interval)), console));
        return command;
    }

    private static int Run(RunFolder folder, TimeSpan interval, ToolConsole console)
    {
        using var signals = new TerminationSignals();
        if (console.Out != Console.Out) return RunWorker.Run(folder, TaskList.Catalog, Console.OpenStandardInput(), console.Out, interval, signals.Token);
        // The console's own writer hands over pieces of 256 letters, each of which would wake the process that reads.
        using var lines = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), LongestLine);
        return RunWorker.Run(folder, TaskList.Catalog, Console.OpenStandardInput(), lines, interval, signals.Token);
    }
}
