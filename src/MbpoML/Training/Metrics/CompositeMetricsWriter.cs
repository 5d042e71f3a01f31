namespace MbpoML.Training.Metrics;

/// <summary>Hands metrics on to several writers, which it owns: disposing it disposes them.</summary>
public sealed class CompositeMetricsWriter : IMetricsWriter
{
    private readonly IMetricsWriter[] _writers;

    /// <summary>Makes one writer of several.</summary>
    /// <param name="writers">Any number of them; with none, nothing is written.</param>
    public CompositeMetricsWriter(params IReadOnlyList<IMetricsWriter> writers)
    {
        ArgumentNullException.ThrowIfNull(writers);
        _writers = [.. writers];
        foreach (var writer in _writers) ArgumentNullException.ThrowIfNull(writer, nameof(writers));
    }

    /// <inheritdoc/>
    public void Write(long step, IReadOnlyDictionary<string, double> metrics)
    {
        foreach (var writer in _writers) writer.Write(step, metrics);
    }

    /// <inheritdoc/>
    public void Resume(IReadOnlyList<EpochMetrics> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        foreach (var writer in _writers) writer.Resume(history);
    }

    /// <inheritdoc/>
    public void Flush()
    {
        foreach (var writer in _writers) writer.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var writer in _writers) writer.Dispose();
    }
}
