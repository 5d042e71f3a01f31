using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;

namespace MbpoML.Training;

/// <summary>
/// What one stretch of a run leaves behind, from its start or resumption to its stop. Made by <see cref="IRunRecord.Begin"/>; disposing it ends it.
/// </summary>
public interface IRunRecording : IDisposable
{
    /// <summary>The folder of the run's checkpoints; when they are written, <see cref="TrainingOptions.Checkpoints"/> says.</summary>
    string CheckpointFolder { get; }

    /// <summary>
    /// Receive the metrics of every epoch, after those of <see cref="TrainingOptions.MetricsWriters"/>. The trainer flushes but does not dispose them.
    /// </summary>
    IReadOnlyList<IMetricsWriter> MetricsWriters { get; }

    /// <summary>The run is over; called once, before the recording is disposed.</summary>
    /// <param name="report">The policy and the metrics so far. Null where the run did not begin, or its learner gives no policy any more. The policy stays the
    /// caller's of the trainer.</param>
    /// <param name="exception">Null where the run took all its steps; a <see cref="TrainingCanceledException"/> where it was stopped; else why it
    /// failed.</param>
    void End(TrainingReport? report, Exception? exception);
}
