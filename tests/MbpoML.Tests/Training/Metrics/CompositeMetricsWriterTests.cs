using MbpoML.Training.Metrics;

namespace MbpoML.Tests.Training.Metrics;

[Category("Text")]
public class CompositeMetricsWriterTests
{
    private sealed class Recorder(List<string> calls) : IMetricsWriter
    {
        public void Write(long step, IReadOnlyDictionary<string, double> metrics) => calls.Add($"write {step} {metrics["a"]}");

        public void Resume(IReadOnlyList<EpochMetrics> history) => calls.Add($"resume {history.Count}");

        public void Flush() => calls.Add("flush");

        public void Dispose() => calls.Add("dispose");
    }

    [Test]
    public void Every_call_reaches_every_writer()
    {
        List<string> first = [], second = [];
        using (var writer = new CompositeMetricsWriter(new Recorder(first), new Recorder(second)))
        {
            writer.Resume([]);
            writer.Write(7, new Dictionary<string, double> { ["a"] = 2 });
            writer.Flush();
        }

        Assert.That(first, Is.EqualTo(new[] { "resume 0", "write 7 2", "flush", "dispose" }));
        Assert.That(second, Is.EqualTo(first));
    }
}
