namespace MbpoML.Experiments.Execution;

/// <summary>Trains many runs, some of them side by side.</summary>
public static class RunBatch
{
    /// <summary>Trains runs in their order, each as soon as a place is free. That one fails stops none of the others.</summary>
    /// <param name="executor">The place where the runs are trained.</param>
    /// <param name="runs">Taken by this process, with their options written; each is given back when it is over.</param>
    /// <param name="parallel">At most so many at a time, at least 1.</param>
    /// <param name="events">Is told what happens to all of them; several threads may call it at once.</param>
    /// <param name="cancellationToken">Stops those under way with a checkpoint, and begins no other.</param>
    /// <returns>How each run stands, in the order of <paramref name="runs"/>; one that was not begun is interrupted.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no place for any run.</exception>
    public static async Task<IReadOnlyList<RunOutcome>> RunAsync(
        LocalRunExecutor executor, IReadOnlyList<TakenRun> runs, int parallel, IProgress<RunEvent>? events = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(executor);
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentOutOfRangeException.ThrowIfLessThan(parallel, 1);
        var outcomes = new RunOutcome[runs.Count];
        var next = -1;
        async Task Work()
        {
            for (var index = Interlocked.Increment(ref next); index < runs.Count; index = Interlocked.Increment(ref next))
            {
                outcomes[index] = cancellationToken.IsCancellationRequested
                    ? RunOutcome.Of(runs[index].Folder) with { Status = RunStatus.Interrupted }
                    : await executor.RunAsync(runs[index], events, cancellationToken).ConfigureAwait(false);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Math.Min(parallel, runs.Count)).Select(_ => Work())).ConfigureAwait(false);
        return outcomes;
    }
}
