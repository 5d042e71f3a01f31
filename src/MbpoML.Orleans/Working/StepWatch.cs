using MbpoML.Experiments.Execution;

namespace MbpoML.Orleans.Working;

/// <summary>Passes the events of a run on, and knows its steps and whether it has a new checkpoint.</summary>
/// <param name="events">Is told them; null for nobody.</param>
internal sealed class StepWatch(IProgress<RunEvent>? events) : IProgress<RunEvent>
{
    private long _steps;
    private int? _checkpointStep;
    private TaskCompletionSource _nextCheckpoint = Promise();

    /// <summary>The steps that the run has taken, as far as it told them; 0 before it told any.</summary>
    public long Steps => Volatile.Read(ref _steps);

    /// <summary>Ends when the run tells of its next checkpoint.</summary>
    public Task NextCheckpoint => Volatile.Read(ref _nextCheckpoint).Task;

    /// <inheritdoc/>
    public void Report(RunEvent value)
    {
        var progress = value switch
        {
            RunProgressed progressed => progressed.Progress,
            RunEpochEnded ended => ended.Progress,
            _ => null,
        };
        if (progress is not null) Volatile.Write(ref _steps, progress.Step);
        if (progress?.CheckpointStep is { } step && step != _checkpointStep)
        {
            _checkpointStep = step;
            Interlocked.Exchange(ref _nextCheckpoint, Promise()).SetResult();
        }

        events?.Report(value);
    }

    // Who waits goes on elsewhere, not on the thread of the run.
    private static TaskCompletionSource Promise() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
