using MbpoML.Tool.Display;
using MbpoML.Tool.Runs;
using MbpoML.Training;

namespace MbpoML.Tool.Seeds;

/// <summary>Trains the runs of one command: a single one in this process, several side by side in a process each.</summary>
internal static class RunSet
{
    /// <param name="folders">With an options.json each.</param>
    /// <param name="parallel">At most so many at a time.</param>
    /// <param name="console">Where they are shown.</param>
    /// <returns>The exit code of the first that did not reach its end, or 0.</returns>
    public static int Run(IReadOnlyList<RunFolder> folders, int parallel, ToolConsole console)
    {
        using var signals = new TerminationSignals();
        return Show(console, display => folders.Count == 1
            ? new TrainingRun(folders[0], display, TimeProvider.System).Run(signals.Token)
            : RunSideBySide(folders, parallel, display, signals.Token));
    }

    private static int Show(ToolConsole console, Func<IRunDisplay, int> work) => console.IsLive ? LiveDisplay.Show(console, work) : work(new LineDisplay(console));

    private static int RunSideBySide(IReadOnlyList<RunFolder> folders, int parallel, IRunDisplay display, CancellationToken cancellationToken)
    {
        var codes = new int[folders.Count];
        var next = -1;
        void Work()
        {
            for (var index = Interlocked.Increment(ref next); index < folders.Count; index = Interlocked.Increment(ref next))
                codes[index] = cancellationToken.IsCancellationRequested ? ExitCodes.Interrupted : RunChild(folders[index], display, cancellationToken);
        }

        var threads = Enumerable.Range(0, Math.Min(parallel, folders.Count)).Select(_ => new Thread(Work) { IsBackground = true, Name = "mbpo run" }).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return codes.FirstOrDefault(code => code != ExitCodes.Success);
    }

    private static int RunChild(RunFolder folder, IRunDisplay display, CancellationToken cancellationToken)
    {
        var code = ChildRun.Run(folder, display, cancellationToken);
        if (code is ExitCodes.Success or ExitCodes.Failed or ExitCodes.Interrupted) return code;
        // What such a process has to say was shown. It did nothing, but the others may have.
        if (code == ExitCodes.BadArguments) return ExitCodes.Failed;
        display.Warn(folder.Name, $"The process ended with the exit code {code}, without saying why. Go on with: {folder.ResumeCommand}");
        return ExitCodes.Failed;
    }
}
