using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Execution;

/// <summary>An executor on this machine: it takes the folder of the run, writes its options, and tells its start and its end.</summary>
public abstract class LocalRunExecutor : IRunExecutor
{
    /// <summary>An executor of runs of some tasks.</summary>
    /// <param name="tasks">The tasks that runs may name.</param>
    protected LocalRunExecutor(TaskCatalog tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        Tasks = tasks;
    }

    /// <summary>The tasks that runs may name.</summary>
    public TaskCatalog Tasks { get; }

    /// <inheritdoc/>
    /// <exception cref="RunSpecException">The run cannot be what is asked for, or in the folder is a run of other options; nothing was written.</exception>
    /// <exception cref="RunFolderException">In the folder is something else, or another process trains there; nothing was written.</exception>
    public Task<RunOutcome> RunAsync(RunSpec spec, RunFolder folder, IProgress<RunEvent>? events = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(folder);
        return TakenRun.Prepare([(folder, spec.Resolve(Tasks))], Tasks) is [var run] ? RunAsync(run, events, cancellationToken)
            : Task.FromResult(RunOutcome.Of(folder));
    }

    /// <summary>
    /// Trains a run whose folder this process has taken and whose options are written: from its newest checkpoint, or from the beginning where there is none.
    /// </summary>
    /// <param name="run">The run; its folder is given back when the task is over.</param>
    /// <param name="events">Is told what happens, one event at a time and in order, on any thread; null for nobody.</param>
    /// <param name="cancellationToken">Stops the run with a checkpoint.</param>
    /// <returns>How the run stands.</returns>
    /// <exception cref="RunSpecException">The options of the folder cannot be used.</exception>
    /// <exception cref="RunFolderException">A part of the run is missing, or is somebody else's.</exception>
    public async Task<RunOutcome> RunAsync(TakenRun run, IProgress<RunEvent>? events = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        using (run)
        {
            events?.Report(new RunStarted(run.Folder.Path) { Resumes = run.Folder.CanResume });
            var outcome = await ExecuteAsync(run, events, cancellationToken).ConfigureAwait(false);
            events?.Report(new RunEnded(run.Folder.Path, outcome));
            return outcome;
        }
    }

    /// <summary>Trains a run whose folder is taken.</summary>
    /// <param name="run">Taken by this process; what trains it elsewhere disposes it to hand it over.</param>
    /// <param name="events">Is told progress, epochs and warnings; null for nobody.</param>
    /// <param name="cancellationToken">Stops the run with a checkpoint.</param>
    /// <returns>How the run stands.</returns>
    protected abstract Task<RunOutcome> ExecuteAsync(TakenRun run, IProgress<RunEvent>? events, CancellationToken cancellationToken);
}
