using MbpoML.Tool.Display;
using MbpoML.Tool.Runs;
using MbpoML.Training;

namespace MbpoML.Tool.Seeds;

/// <summary>Trains the runs of one command: a single one in this process, several side by side in a process each.</summary>
internal static class RunSet
{
    /// <param name="runs">With an options.json each, taken by this command.</param>
    /// <param name="parallel">At most so many at a time.</param>
    /// <param name="console">Where they are shown.</param>
    /// <param name="titleOf">What a run is called; null for the last part of its folder.</param>
    /// <returns>The exit code of the first that did not reach its end, or 0.</returns>
    public static int Run(TakenRuns runs, int parallel, ToolConsole console, Func<RunFolder, string>? titleOf = null)
    {
        using var signals = new TerminationSignals();
        return Show(console, display => runs.Folders.Count == 1
            ? new TrainingRun(runs.Folders[0], Begin(display, titleOf, runs.Folders, 0), TimeProvider.System).Run(runs.LockOf(runs.Folders[0]), signals.Token)
            : RunSideBySide(runs, parallel, index => Begin(display, titleOf, runs.Folders, index), signals.Token));
    }

    private static int Show(ToolConsole console, Func<IRunDisplay, int> work) => console.IsLive ? LiveDisplay.Show(console, work) : work(new LineDisplay(console));

    // Runs that have titles are those of an experiment, of which a person wants to know how far it is.
    private static IRunDisplay Begin(IRunDisplay display, Func<RunFolder, string>? titleOf, IReadOnlyList<RunFolder> folders, int index)
    {
        if (titleOf is null) return display;
        var titled = new TitledDisplay(display, titleOf(folders[index]));
        titled.Say(folders[index].Name, Invariant($"run {index + 1} of {folders.Count} begins, {folders.Count - index - 1} left after it."));
        return titled;
    }

    private static int RunSideBySide(TakenRuns runs, int parallel, Func<int, IRunDisplay> begin, CancellationToken cancellationToken)
    {
        var folders = runs.Folders;
        var codes = new int[folders.Count];
        var next = -1;
        void Work()
        {
            for (var index = Interlocked.Increment(ref next); index < folders.Count; index = Interlocked.Increment(ref next))
            {
                codes[index] = cancellationToken.IsCancellationRequested
                    ? ExitCodes.Interrupted
                    : RunChild(folders[index], runs.LockOf(folders[index]), begin(index), cancellationToken);
            }
        }

        var threads = Enumerable.Range(0, Math.Min(parallel, folders.Count)).Select(_ => new Thread(Work) { IsBackground = true, Name = "mbpo run" }).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return codes.FirstOrDefault(code => code != ExitCodes.Success);
    }

    private static int RunChild(RunFolder folder, RunLock turn, IRunDisplay display, CancellationToken cancellationToken)
    {
        var code = ChildRun.Run(folder, turn, display, cancellationToken);
        if (code is ExitCodes.Success or ExitCodes.Failed or ExitCodes.Interrupted) return code;
        // What such a process has to say was shown. It did nothing, but the others may have.
        if (code == ExitCodes.BadArguments) return ExitCodes.Failed;
        display.Warn(folder.Name, Invariant($"The process ended with the exit code {code}, without saying why. Go on with: {folder.ResumeCommand}"));
        return ExitCodes.Failed;
    }
}
