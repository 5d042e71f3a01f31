using System.Text;
using MbpoML.Training.Metrics;

namespace MbpoML.Tests.Training.Metrics;

[Category("Text")]
public class JsonLinesMetricsWriterTests
{
    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_600_500);
    }

    [Test]
    public void A_record_is_one_line_of_json_in_the_order_given()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new JsonLinesMetricsWriter(folder["runs", "first", "metrics.jsonl"], new FixedClock()))
        {
            writer.Write(250, new Dictionary<string, double> { ["evaluation/return-mean"] = -142.25, ["model/holdout-mse"] = 1e-9 });
            writer.Write(500, new Dictionary<string, double> { ["policy/loss"] = double.NaN, ["policy/value"] = double.NegativeInfinity });
        }

        Assert.That(File.ReadAllText(folder["runs", "first", "metrics.jsonl"]), Is.EqualTo(
            """
            {"step":250,"time":1767225600.5,"evaluation/return-mean":-142.25,"model/holdout-mse":1E-09}
            {"step":500,"time":1767225600.5,"policy/loss":null,"policy/value":null}

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void A_line_is_in_the_file_before_the_writer_is_flushed_or_disposed()
    {
        using var folder = new TemporaryFolder();
        using var writer = new JsonLinesMetricsWriter(folder["metrics.jsonl"]);
        writer.Write(1, new Dictionary<string, double> { ["a"] = 0.1 });
        Assert.That(MetricsFile.Read(folder["metrics.jsonl"]).Single().Metrics["a"], Is.EqualTo(0.1));
    }

    [Test]
    public void A_second_writer_appends_and_cuts_off_half_a_line()
    {
        using var folder = new TemporaryFolder();
        var path = folder["metrics.jsonl"];
        File.WriteAllText(path, "{\"step\":1,\"a\":2}\n{\"step\":2,\"a\":");
        using (var writer = new JsonLinesMetricsWriter(path)) writer.Write(2, new Dictionary<string, double> { ["a"] = 3 });

        var records = MetricsFile.Read(path);
        Assert.That(records.Select(record => (record.Step, record.Metrics["a"])), Is.EqualTo(new[] { (1L, 2.0), (2L, 3.0) }));
    }

    [Test]
    public void Bad_input_is_refused()
    {
        using var folder = new TemporaryFolder();
        var writer = new JsonLinesMetricsWriter(folder["metrics.jsonl"]);
        var metrics = new Dictionary<string, double> { ["a"] = 1 };
        Assert.Multiple(() =>
        {
            Assert.That(() => writer.Write(-1, metrics), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("step must be at least 0"));
            Assert.That(() => writer.Write(1, new Dictionary<string, double> { ["time"] = 1 }),
                Throws.ArgumentException.With.Message.Contains("cannot be called"));
        });
        writer.Dispose();
        Assert.That(() => writer.Write(1, metrics), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void A_file_of_another_kind_is_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[2_000_000];
        File.WriteAllBytes(folder["m"], bytes);
        Assert.That(() => new JsonLinesMetricsWriter(folder["m"]), Throws.TypeOf<IOException>().With.Message.Contains("is no file of metrics"));
        Assert.That(File.ReadAllBytes(folder["m"]), Is.EqualTo(bytes));
    }

    [TestCase(new[] { 1, 2, 3, 4 }, new[] { 1, 2 }, new[] { 1, 2 }, TestName = "What was written after the checkpoint is taken back")]
    [TestCase(new[] { 1, 2 }, new[] { 1, 2, 3 }, new[] { 1, 2, 3 }, TestName = "What a broken machine lost is written again")]
    [TestCase(new int[0], new[] { 1, 2 }, new[] { 1, 2 }, TestName = "A file that was deleted is made again")]
    [TestCase(new[] { 1, 2 }, new int[0], new int[0], TestName = "A run that goes on before its first epoch begins with nothing")]
    public void A_resumed_run_finds_the_epochs_of_its_checkpoint(int[] written, int[] history, int[] expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder["metrics.jsonl"];
        using (var writer = new JsonLinesMetricsWriter(path))
            foreach (var step in written) writer.Write(step, new Dictionary<string, double> { ["ä"] = step, ["b"] = double.NaN });
        using (var writer = new JsonLinesMetricsWriter(path))
        {
            writer.Resume(
                [.. history.Select((step, epoch) => new EpochMetrics(epoch, step, new Dictionary<string, double> { ["ä"] = step, ["b"] = double.NaN }))]);
            writer.Write(10, new Dictionary<string, double> { ["ä"] = 10 });
        }

        Assert.That(MetricsFile.Read(path).Select(record => (record.Step, record.Metrics["ä"])),
            Is.EqualTo(expected.Append(10).Select(step => ((long)step, (double)step))));
        Assert.That(File.ReadAllLines(path), Has.Length.EqualTo(expected.Length + 1));
    }

    // What editors make of a file that somebody looked at and saved.
    [TestCase("\uFEFF", "\n", "")]
    [TestCase("", "\r\n", "")]
    [TestCase("\uFEFF", "\r\n", "\r\n\r\n")]
    [TestCase("", "\n", "\n\n\n")]
    [TestCase("\uFEFF\n\n", "\n\n", "\n")]
    public void A_resumed_run_has_every_epoch_once_whatever_an_editor_did(string mark, string end, string tail)
    {
        using var folder = new TemporaryFolder();
        var path = folder["metrics.jsonl"];
        File.WriteAllText(path, mark + string.Concat(Enumerable.Range(1, 4).Select(step => $"{{\"step\":{step},\"ä\":{step}}}{end}")) + tail);
        foreach (var last in (int[])[3, 1])
        {
            using (var writer = new JsonLinesMetricsWriter(path))
            {
                writer.Resume([.. Enumerable.Range(1, last).Select(step => new EpochMetrics(step, step, new Dictionary<string, double> { ["ä"] = step }))]);
                writer.Write(10, new Dictionary<string, double> { ["ä"] = 10 });
            }

            Assert.That(MetricsFile.Read(path).Select(record => (record.Step, record.Metrics["ä"])),
                Is.EqualTo(Enumerable.Range(1, last).Append(10).Select(step => ((long)step, (double)step))));
        }
    }

    [Test]
    public void A_file_that_an_editor_saved_as_UTF_16_is_read_but_not_appended_to([Values] bool bigEndian)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m"], "{\"step\":1,\"ä\":2}\r\n", new UnicodeEncoding(bigEndian, byteOrderMark: true));
        var before = File.ReadAllBytes(folder["m"]);
        Assert.That(MetricsFile.Read(folder["m"]).Single().Metrics["ä"], Is.EqualTo(2));
        Assert.That(() => new JsonLinesMetricsWriter(folder["m"]), Throws.TypeOf<IOException>().With.Message.Contains("save it as UTF-8"));
        Assert.That(File.ReadAllBytes(folder["m"]), Is.EqualTo(before));
    }

    [Test]
    public void A_file_with_other_lines_is_not_cut()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m"], "notes\n{\"step\":1,\"a\":2}\n");
        using (var writer = new JsonLinesMetricsWriter(folder["m"])) Assert.That(
            () => writer.Resume([]), Throws.TypeOf<IOException>().With.Message.Contains("Line 1"));
        Assert.That(File.ReadAllText(folder["m"]), Is.EqualTo("notes\n{\"step\":1,\"a\":2}\n"));
    }
}
