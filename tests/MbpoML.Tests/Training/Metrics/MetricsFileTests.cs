using MbpoML.Training.Metrics;

namespace MbpoML.Tests.Training.Metrics;

[Category("Text")]
public class MetricsFileTests
{
    [Test]
    public void Doubles_come_back_bit_for_bit_and_null_as_NaN()
    {
        using var folder = new TemporaryFolder();
        var values = new Dictionary<string, double>
        {
            ["a"] = Math.PI,
            ["b"] = double.Epsilon,
            ["c"] = -double.MaxValue,
            ["d"] = double.NaN,
            ["e \"quoted\" ä"] = 1.0 / 3
        };
        using (var writer = new JsonLinesMetricsWriter(folder["m"])) writer.Write(long.MaxValue, values);

        var record = MetricsFile.Read(folder["m"]).Single();
        Assert.Multiple(() =>
        {
            Assert.That(record.Step, Is.EqualTo(long.MaxValue));
            Assert.That(record.Metrics, Is.EquivalentTo(values));
        });
    }

    [Test]
    public void Lines_of_a_step_are_merged_and_a_resumed_run_replaces_what_it_says_again()
    {
        var records = ReadText("""
            {"step":100,"a":1}
            {"step":200,"a":2}
            {"step":200,"b":3}
            {"step":300,"a":4}
            {"step":200,"a":5}
            {"step":250,"a":6}

            """);
        Assert.That(records.Select(record => $"{record.Step}: {string.Join(", ", record.Metrics)}"), Is.EqualTo(new[]
        {
            "100: [a, 1]", "200: [a, 5], [b, 3]", "250: [a, 6]",
        }));
    }

    [TestCase("{\"step\":1}\nnonsense\n", TestName = "A line that is no JSON")]
    [TestCase("{\"step\":1}\n{\"a\":1}\n", TestName = "A line without a step")]
    [TestCase("{\"step\":1}\n{\"step\":2,\"a\":\"x\"}\n", TestName = "A text where a number belongs")]
    [TestCase("{\"step\":1}\n[1]\n", TestName = "An array")]
    [TestCase("{\"step\":1}\n{\"step\":2,\"a\":1e400}\n", TestName = "A number beyond a double")]
    [TestCase("{\"step\":1}\n{\"step\":-2}\n", TestName = "A negative step")]
    public void A_broken_line_is_named(string text) =>
        Assert.That(() => ReadText(text), Throws.TypeOf<FormatException>().With.Message.StartsWith("Line 2 of "));

    [Test]
    public void An_unfinished_last_line_and_blank_lines_are_left_out() =>
        Assert.That(ReadText("{\"step\":1}\r\n\n{\"step\":2").Select(record => record.Step), Is.EqualTo(new[] { 1L }));

    [Test]
    public void A_missing_file_is_an_error() => Assert.That(() => MetricsFile.Read("/nowhere/metrics.jsonl"), Throws.InstanceOf<IOException>());

    [Test]
    public void Many_lines_of_one_step_take_memory_in_proportion()
    {
        long Allocated(int lines)
        {
            using var folder = new TemporaryFolder();
            File.WriteAllLines(folder["m"], Enumerable.Range(0, lines).Select(line => $"{{\"step\":1,\"metric-{line}\":1}}"));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.That(MetricsFile.Read(folder["m"]).Single().Metrics, Has.Count.EqualTo(lines));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(10);
        Assert.That(Allocated(8000), Is.LessThan(8 * Allocated(2000)));
    }

    [Test]
    public void A_line_without_end_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m"], new string('[', 5_000_000));
        Assert.That(() => MetricsFile.Read(folder["m"]), Throws.TypeOf<FormatException>().With.Message.Contains("no line of metrics"));
    }

    private static IReadOnlyList<MetricsRecord> ReadText(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m"], text);
        return MetricsFile.Read(folder["m"]);
    }
}
