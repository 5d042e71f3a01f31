using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;

namespace MbpoML.Tests.Fakes;

/// <summary>Remembers what a trainer tells it; only its checkpoints go to a folder.</summary>
internal sealed class MemoryRecord : IRunRecord
{
    public string Folder { get; init; } = "never";

    public bool GivesNothing { get; init; }

    /// <summary>What the end of the run throws.</summary>
    public Exception? FaultAtEnd { get; init; }

    public List<RunDescription> Runs { get; } = [];

    public List<long> Steps { get; } = [];

    /// <summary>Whether there was a report, and the type of the exception.</summary>
    public List<(bool HasReport, Type? Exception)> Ends { get; } = [];

    public int Disposed { get; private set; }

    public IRunRecording Begin(RunDescription run)
    {
        Runs.Add(run);
        return GivesNothing ? null! : new Recording(this);
    }

    private sealed class Recording(MemoryRecord record) : IRunRecording, IMetricsWriter
    {
        public string CheckpointFolder => record.Folder;

        public IReadOnlyList<IMetricsWriter> MetricsWriters => [this];

        public void End(TrainingReport? report, Exception? exception)
        {
            record.Ends.Add((report is not null, exception?.GetType()));
            if (record.FaultAtEnd is { } fault) throw fault;
        }

        public void Write(long step, IReadOnlyDictionary<string, double> metrics) => record.Steps.Add(step);

        public void Flush()
        {
        }

        public void Dispose() => record.Disposed++;
    }
}
