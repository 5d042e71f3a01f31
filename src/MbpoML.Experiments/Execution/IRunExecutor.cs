namespace MbpoML.Experiments.Execution;

/// <summary>A place where runs are trained: this process, another process, another machine.</summary>
/// <remarks>
/// What a run has learned lies in its folder alone. An executor that is killed loses at most what came after the last checkpoint: the same call, by whatever
/// executor, goes on from there. Several runs may be under way at once; a folder is trained by one process at a time.
/// </remarks>
public interface IRunExecutor
{
    /// <summary>
    /// Trains a run to its end: from the beginning in a free folder, from its newest checkpoint in a folder with the same run. A run that has reached its end
    /// is not trained again.
    /// </summary>
    /// <param name="spec">What the run is to do.</param>
    /// <param name="folder">The folder that keeps the run.</param>
    /// <param name="events">Is told what happens, one event at a time and in order, on any thread; null for nobody.</param>
    /// <param name="cancellationToken">Stops the run with a checkpoint; the outcome is then <see cref="RunStatus.Interrupted"/>.</param>
    /// <returns>How the run stands. That training failed is an outcome, too.</returns>
    /// <exception cref="RunSpecException">The run cannot be what is asked for, or in the folder is a run of other options; nothing was written.</exception>
    /// <exception cref="RunFolderException">In the folder is something else, or another process trains there; nothing was written.</exception>
    Task<RunOutcome> RunAsync(RunSpec spec, RunFolder folder, IProgress<RunEvent>? events = null, CancellationToken cancellationToken = default);
}
