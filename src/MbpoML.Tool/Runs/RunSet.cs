using MbpoML.Experiments.Execution;
using MbpoML.Orleans;
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
    /// <param name="collectors">Where their steps are made; null: in environments of their own. With collectors all runs are trained in this process.</param>
    /// <param name="begin">What is done once collectors are there and before the first run begins; null for nothing.</param>
    /// <returns>The exit code of the first that did not reach its end, or 0.</returns>
    public static int Run(IReadOnlyList<TakenRun> runs, int parallel, ToolConsole console, Func<RunFolder, string>? titleOf = null,
        CollectorSource? collectors = null, Action? begin = null)
    {
        if (runs.Count == 0) return ExitCodes.Success;
        using var signals = new TerminationSignals();
        if (collectors is not null) return RunAsync(runs, parallel, console, titleOf, collectors, begin, signals.Token).GetAwaiter().GetResult();
        begin?.Invoke();
        LocalRunExecutor executor = runs.Count == 1 ? new InProcessExecutor(TaskList.Catalog)
            : new ChildProcessExecutor(TaskList.Catalog, WorkerProgram.Of(typeof(RunSet).Assembly, "work"));
        return Train(executor, runs, parallel, console, titleOf, signals.Token);
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<TakenRun> runs, int parallel, ToolConsole console, Func<RunFolder, string>? titleOf, CollectorSource collectors,
        Action? begin, CancellationToken cancellationToken)
    {
        try
        {
            var pool = await CollectorPool.ConnectAsync(
                collectors.Cluster, collectors.Worker, new WorkerDisplay(new LineDisplay(console)), cancellationToken).ConfigureAwait(false);
            await using (pool.ConfigureAwait(false))
            {
                begin?.Invoke();
                var code = Train(new InProcessExecutor(TaskList.Catalog) { Environments = pool.Create }, runs, parallel, console, titleOf, cancellationToken);
                Tell(pool.Books, console);
                return code;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static void Tell(CollectorBooks books, ToolConsole console) => console.Out.WriteLine(
        Invariant($"Collectors: {books.Asked} calls asked for, {books.Delivered} delivered, {books.Failed} failed, {books.Cancelled} cancelled; ") +
        Invariant($"{books.Dropped} late answers dropped, {books.Replayed} calls done again in {books.HandOvers} hand-overs."));

    private static int Train(
        LocalRunExecutor executor, IReadOnlyList<TakenRun> runs, int parallel, ToolConsole console, Func<RunFolder, string>? titleOf,
        CancellationToken cancellationToken) =>
        Show(
            console, display => RunBatch.RunAsync(
                executor, runs, parallel, new EventDisplay(display, [.. runs.Select(run => run.Folder)], titleOf), cancellationToken).GetAwaiter().GetResult()
            .Select(CodeOf).FirstOrDefault(code => code != ExitCodes.Success));

    private static int Show(ToolConsole console, Func<IRunDisplay, int> work) =>
        console.IsLive ? LiveDisplay.Show(console, work) : work(new LineDisplay(console));

    private static int CodeOf(RunOutcome outcome) => outcome.Status switch
    {
        RunStatus.Finished => ExitCodes.Success,
        RunStatus.Interrupted => ExitCodes.Interrupted,
        _ => ExitCodes.Failed,
    };
}
