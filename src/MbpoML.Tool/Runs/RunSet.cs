using MbpoML.Experiments.Execution;
using MbpoML.Tool.Display;
using MbpoML.Tool.Tasks;
using MbpoML.Training.Watches;

namespace MbpoML.Tool.Runs;

/// <summary>Trains and shows the runs of one command: a single one in this process, several side by side in a process each.</summary>
internal static class RunSet
{
    /// <param name="runs">The runs, with an options.json each, taken by this command.</param>
    /// <param name="parallel">At most so many at a time.</param>
    /// <param name="console">Where they are shown.</param>
    /// <param name="titleOf">What a run is called; null for the last part of its folder.</param>
    /// <returns>The exit code of the first that did not reach its end, or 0.</returns>
    public static int Run(IReadOnlyList<TakenRun> runs, int parallel, ToolConsole console, Func<RunFolder, string>? titleOf = null)
    {
        if (runs.Count == 0) return ExitCodes.Success;
        using var signals = new TerminationSignals();
        LocalRunExecutor executor = runs.Count == 1 ? new InProcessExecutor(TaskList.Catalog)
            : new ChildProcessExecutor(TaskList.Catalog, WorkerProgram.Of(typeof(RunSet).Assembly, "work"));
        return Show(
            console, display => RunBatch.RunAsync(
                executor, runs, parallel, new EventDisplay(display, [.. runs.Select(run => run.Folder)], titleOf), signals.Token).GetAwaiter().GetResult()
            .Select(CodeOf).FirstOrDefault(code => code != ExitCodes.Success));
    }

    private static int Show(ToolConsole console, Func<IRunDisplay, int> work) =>
        console.IsLive ? LiveDisplay.Show(console, work) : work(new LineDisplay(console));

    private static int CodeOf(RunOutcome outcome) => outcome.Status switch
    {
        RunStatus.Finished => ExitCodes.Success,
        RunStatus.Interrupted => ExitCodes.Interrupted,
        _ => ExitCodes.Failed,
    };
}
