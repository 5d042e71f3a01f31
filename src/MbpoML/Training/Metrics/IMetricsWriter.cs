namespace MbpoML.Training.Metrics;

/// <summary>Takes the numbers that a run measures, by step; one thread calls it.</summary>
public interface IMetricsWriter : IDisposable
{
    /// <summary>Records what was measured at a step.</summary>
    /// <param name="step">The number of environment steps taken so far, 0 or more.</param>
    /// <param name="metrics">Values by metric name, such as "evaluation/return-mean". NaN and infinite values are allowed: they show that a run went
    /// wrong.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative, or larger than the format can hold.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    void Write(long step, IReadOnlyDictionary<string, double> metrics);

    /// <summary>
    /// A run goes on from a checkpoint: what was written after the last of these epochs is taken back, for the run will write it again. Called before the first
    /// <see cref="Write"/>. By default nothing is taken back.
    /// </summary>
    /// <param name="history">The epochs that had closed by then, in order.</param>
    /// <exception cref="ArgumentNullException">There is no history.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    void Resume(IReadOnlyList<EpochMetrics> history)
    {
    }

    /// <summary>Hands everything written so far to the operating system.</summary>
    void Flush();
}
