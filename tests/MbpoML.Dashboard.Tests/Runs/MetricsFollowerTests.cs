using System.Text;
using MbpoML.Dashboard.Runs;
using MbpoML.Tests;
using MbpoML.Training.Metrics;

namespace MbpoML.Dashboard.Tests.Runs;

public class MetricsFollowerTests
{
    private const string Return = "evaluation/return-mean";
    private TemporaryFolder _folder = null!;
    private MetricsTable _table = null!;
    private MetricsFollower _follower = null!;

    private string File_ => _folder["metrics.jsonl"];

    [SetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        Follow(1 << 20);
    }

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public void What_was_added_is_read_and_nothing_twice()
    {
        Append(PlantedRuns.Line(100, 1) + "\n" + PlantedRuns.Line(200, 2) + "\n");
        Assert.That(_follower.Read(), Is.EqualTo(0));
        Assert.That(_follower.Read(), Is.Null, "nothing happened");
        Append(PlantedRuns.Line(300, 3) + "\n");
        Assert.That(_follower.Read(), Is.EqualTo(2), "the first new row");
        Assert.Multiple(() =>
        {
            Assert.That(Steps, Is.EqualTo(new[] { 100, 200, 300 }));
            Assert.That(_table.Columns[Return].Values.ToArray(), Is.EqualTo(new[] { 1.0, 2, 3 }));
            Assert.That(_follower.BrokenLines, Is.Zero);
        });
    }

    [Test]
    public void A_name_is_the_same_however_it_is_written_and_too_long_ones_are_left_out()
    {
        const int Longest = 200;
        var escaped = string.Concat(Enumerable.Repeat("\\u0061", Longest));
        Append("{\"step\":1,\"a/b\":1}\n{\"step\":2,\"\\u0061/b\":2}\n{\"\\u0073tep\":3,\"a\\/b\":3}\n");
        Append($"{{\"step\":4,\"{new string('a', Longest)}\":4,\"{new string('b', Longest + 1)}\":4}}\n{{\"step\":5,\"{escaped}\":5,\"{escaped}a\":5}}\n");
        _follower.Read();
        Assert.Multiple(() =>
        {
            Assert.That(Steps, Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
            Assert.That(_table.Columns.Keys, Is.EquivalentTo(new[] { "a/b", new string('a', Longest) }));
            Assert.That(_table.Columns["a/b"].Values.ToArray(), Is.EqualTo(new[] { 1.0, 2, 3 }));
            Assert.That(_table.Columns[new string('a', Longest)].Values.ToArray(), Is.EqualTo(new[] { 4.0, 5 }));
            Assert.That(_follower.BrokenLines, Is.Zero);
        });
    }

    [Test]
    public void A_long_file_takes_little_more_memory_than_its_numbers_also_where_lines_become_shorter()
    {
        const int Rows = 1000, Names = 40, BytesOfNumber = sizeof(double) + sizeof(int);
        Follow(8 << 20, Rows * Names);
        string Line(int row) => string.Join(',', Enumerable.Range(0, Names).Select(name => $"\"policy/some-value-{name}\":0.12345678{(row == 1 ? "9" : "")}"));
        Append(string.Concat(Enumerable.Range(1, Rows).Select(row => $"{{\"step\":{row},{Line(row)}}}\n")));
        var before = GC.GetAllocatedBytesForCurrentThread();
        _follower.Read();
        Assert.That(_table.Columns.Values.Sum(column => column.Count), Is.EqualTo(Rows * Names));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1.5 * Rows * Names * BytesOfNumber));
    }

    // A short line promises many rows, and then many metrics come that have one each.
    [TestCase("\n\n")]
    [TestCase("{\"step\":0,\"a\":1}\n")]
    [TestCase("{\"step\":0}\n")]
    public void A_short_first_line_makes_no_room_for_metrics_that_come_later(string first)
    {
        const int Names = 400, Filling = 100_000, MostBytes = 2_000_000;
        Follow(8 << 20, 2 * Names);
        string Metric(int name) => $"\"b{name}\":1";
        Append(first + string.Concat(Enumerable.Range(0, Names / 2).Select(name => $"{{\"step\":0,{Metric(name)}}}\n")));
        Append($"{{\"step\":0,{string.Join(',', Enumerable.Range(Names / 2, (Names / 2) - 1).Select(Metric))}}}\n{new string(' ', Filling)}\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        _follower.Read();
        Assert.That(_table.Columns, Has.Count.GreaterThanOrEqualTo(Names - 1));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostBytes));
    }

    [Test]
    public void A_torn_last_line_waits_for_its_end()
    {
        var line = PlantedRuns.Line(200, 2) + "\n";
        Append(PlantedRuns.Line(100, 1) + "\n");
        foreach (var part in new[] { line[..1], line[1..40], line[40..^1] })
        {
            Append(part);
            _follower.Read();
            Assert.That(Steps, Is.EqualTo(new[] { 100 }));
        }

        Append("\n");
        _follower.Read();
        Assert.That(Steps, Is.EqualTo(new[] { 100, 200 }));
        Assert.That(_follower.BrokenLines, Is.Zero);
    }

    [Test]
    public void The_rows_are_those_of_the_library_for_a_run_that_was_resumed()
    {
        foreach (var (step, value) in new[] { (100, 1.0), (200, 2), (300, 3), (200, 2.5), (300, 3.5), (300, 3.75), (400, 4) })
        {
            Append(PlantedRuns.Line(step, value) + "\n");
            _follower.Read();
        }

        var read = MetricsFile.Read(File_);
        Assert.Multiple(() =>
        {
            Assert.That(Steps, Is.EqualTo(read.Select(record => record.Step)));
            Assert.That(_table.Columns[Return].Values.ToArray(), Is.EqualTo(read.Select(record => record.Metrics[Return])));
        });
    }

    [Test]
    public void A_file_that_was_cut_is_read_anew()
    {
        Append(string.Concat(Enumerable.Range(1, 5).Select(epoch => PlantedRuns.Line(epoch * 100, epoch) + "\n")));
        _follower.Read();
        File.WriteAllText(File_, PlantedRuns.Line(100, 7) + "\n");
        Assert.That(_follower.Read(), Is.EqualTo(0));
        Assert.That((Steps.Single(), _table.Columns[Return].Values[0], _follower.Generation), Is.EqualTo((100L, 7.0, 1)));
    }

    // As after a resume that cut two lines and wrote three others before the next look.
    [Test]
    public void A_file_that_was_replaced_by_a_longer_one_is_read_anew()
    {
        Append(PlantedRuns.Line(100, 1) + "\n" + PlantedRuns.Line(200, 2) + "\n");
        _follower.Read();
        File.Delete(File_);
        Append(PlantedRuns.Line(100, 1) + "\n" + PlantedRuns.Line(150, 5) + "\n" + PlantedRuns.Line(250, 6) + "\n" + PlantedRuns.Line(350, 7) + "\n");
        Assert.That(_follower.Read(), Is.EqualTo(0));
        Assert.That(Steps, Is.EqualTo(new[] { 100, 150, 250, 350 }));
    }

    [Test]
    public void A_file_that_is_gone_leaves_no_rows_and_comes_back()
    {
        Append(PlantedRuns.Line(100, 1) + "\n");
        _follower.Read();
        File.Delete(File_);
        Assert.That(_follower.Read(), Is.EqualTo(0));
        Assert.That(_table.Count, Is.Zero);
        Append(PlantedRuns.Line(200, 2) + "\n");
        _follower.Read();
        Assert.That(Steps, Is.EqualTo(new[] { 200 }));
    }

    [TestCase("not json")]
    [TestCase("{\"step\":-1}")]
    [TestCase("{\"step\":1.5}")]
    [TestCase("{\"step\":\"100\"}")]
    [TestCase("{\"time\":1}")]
    [TestCase("[1]")]
    [TestCase("{\"step\":5,\"a\":{\"b\":1}}")]
    [TestCase("{\"step\":5} {\"step\":6}")]
    [TestCase("{\"step\":5,\"a\":NaN}")]
    [TestCase("\0\0\0")]
    public void A_line_that_is_none_of_metrics_is_counted_and_left_out(string line)
    {
        Append(line + "\n" + PlantedRuns.Line(100, 1) + "\n");
        _follower.Read();
        Assert.That((Steps.Single(), _follower.BrokenLines), Is.EqualTo((100L, 1)));
    }

    [Test]
    public void Marks_blank_lines_and_carriage_returns_change_nothing_and_null_is_no_value()
    {
        var text = "{\"step\":1,\"a\":2}\r\n\r\n\n{\"step\":2,\"a\":null,\"b\":1e999}\r\n";
        File.WriteAllBytes(File_, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]);
        _follower.Read();
        Assert.Multiple(() =>
        {
            Assert.That(Steps, Is.EqualTo(new[] { 1, 2 }));
            Assert.That(_table.Columns["a"].Values.ToArray(), Is.EqualTo(new[] { 2.0 }));
            Assert.That(_table.Columns.ContainsKey("b"), Is.False);
            Assert.That(_follower.BrokenLines, Is.Zero);
        });
    }

    // A file of a terabyte whose line never ends takes neither its time nor its memory.
    [Test]
    public void An_endless_line_is_skipped_and_an_endless_file_read_up_to_the_limit()
    {
        Follow(8 << 20);
        Append(PlantedRuns.Line(100, 1) + "\n");
        using (var file = new FileStream(File_, FileMode.Open, FileAccess.Write)) file.SetLength(1L << 40);
        _follower.Read();
        Assert.Multiple(() =>
        {
            Assert.That(Steps, Is.EqualTo(new[] { 100 }));
            Assert.That(_follower.IsCut, Is.True);
            Assert.That(_follower.BrokenLines, Is.EqualTo(1));
        });
    }

    [Test]
    public void What_follows_a_line_that_is_too_long_is_read()
    {
        Follow(8 << 20);
        Append($"{{\"step\":1,\"{new string('x', 3 << 20)}\":1}}\n{PlantedRuns.Line(100, 1)}\n");
        _follower.Read();
        Assert.That((Steps.Single(), _follower.BrokenLines), Is.EqualTo((100L, 1)));
    }

    [Test]
    public void Numbers_beyond_the_budget_are_left_out_and_come_back_when_others_go()
    {
        var budget = new ValueBudget(4);
        var table = new MetricsTable(budget);
        foreach (var step in new[] { 1, 2, 3 }) table.Append(new MetricsLine(step, 0, [new("a", step), new("b", step)]));
        Assert.That((table.IsFull, table.Columns["a"].Count, table.Columns["b"].Count), Is.EqualTo((true, 2, 2)));
        table.Clear();
        table.Append(new MetricsLine(1, 0, [new("a", 1), new("b", 1), new("c", 1), new("d", 1)]));
        Assert.That(table.IsFull, Is.False);
    }

    private long[] Steps => [.. Enumerable.Range(0, _table.Count).Select(_table.StepOf)];

    private void Append(string text) => File.AppendAllText(File_, text);

    private void Follow(long maxBytes, long mostValues = 1000)
    {
        _table = new MetricsTable(new ValueBudget(mostValues));
        _follower = new MetricsFollower(_folder.FullName, "metrics.jsonl", maxBytes, _table);
    }
}
