using System.CommandLine;
using MbpoML.Tool.Display;
using MbpoML.Tool.Runs;
using MbpoML.Training;

namespace MbpoML.Tool.Commands;

/// <summary>The hidden command <c>mbpo work</c>: one of several runs, in a process that another <c>mbpo</c> started. It stops at the end of its input.</summary>
internal static class WorkCommand
{
    // The process that started this one frees the lock when it reads that this one is ready: some seconds at most.
    private const int TriesForLock = 500;

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
        using var parent = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(signals.Token, parent.Token);
        var watch = new Thread(() => CancelAtEnd(Console.OpenStandardInput(), parent)) { IsBackground = true, Name = "mbpo parent" };
        watch.Start();
        console.Out.WriteLine(PipeDisplay.Ready);
        console.Out.Flush();
        return new TrainingRun(folder, new PipeDisplay(console.Out), TimeProvider.System).Run(RunLock.Take(folder, TriesForLock), either.Token);
    }

    private static void CancelAtEnd(Stream input, CancellationTokenSource source)
    {
        while (input.ReadByte() >= 0)
        {
            // The parent says nothing but that it is there.
        }

        source.Cancel();
    }
}
