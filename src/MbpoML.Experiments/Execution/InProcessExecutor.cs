using MbpoML.Environments;
using MbpoML.Experiments.Tasks;
using MbpoML.Training;

namespace MbpoML.Experiments.Execution;

/// <summary>
/// Trains each run on a thread of this process. A native crash or a lack of memory ends all of them; <see cref="ChildProcessExecutor"/> keeps them apart.
/// </summary>
public sealed class InProcessExecutor : LocalRunExecutor
{
    private readonly TimeProvider _clock;

    /// <summary>An executor of runs of some tasks.</summary>
    /// <param name="tasks">The tasks that runs may name.</param>
    /// <param name="clock">Gives the times in the records of the runs; null for the system's.</param>
    public InProcessExecutor(TaskCatalog tasks, TimeProvider? clock = null)
        : base(tasks) => _clock = clock ?? TimeProvider.System;

    /// <summary>
    /// Makes the environments of runs; a run with <see cref="TrainingOptions.EnvironmentsAtOnce"/> above 1 asks for as many. Each is disposed after the run.
    /// Default: null, those that the task itself makes.
    /// </summary>
    public Func<TrainingTask, IEnvironment>? Environments { get; init; }

    /// <inheritdoc/>
    protected override Task<RunOutcome> ExecuteAsync(TakenRun run, IProgress<RunEvent>? events, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => new RunSessionTrainer(run, Tasks, events, _clock, Environments ?? (task => task.Create())).Run(cancellationToken), CancellationToken.None,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
