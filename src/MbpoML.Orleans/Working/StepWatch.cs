using MbpoML.Experiments.Execution;

namespace MbpoML.Orleans.Working;

/// <summary>Passes the events of a run on, and knows its steps.</summary>
/// <param name="events">Is told them; null for nobody.</param>
internal sealed class StepWatch(IProgress<RunEvent>? events) : IProgress<RunEvent>
{
    private long _steps;

    /// <summary>The steps that the run has taken, as far as it told them; 0 before it told any.</summary>
    public long Steps => Volatile.Read(ref _steps);

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
        events?.Report(value);
    }
}
