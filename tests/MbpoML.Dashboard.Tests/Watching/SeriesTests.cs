using MbpoML.Dashboard.Runs;
using MbpoML.Dashboard.Watching;

namespace MbpoML.Dashboard.Tests.Watching;

public class SeriesTests
{
    [Test]
    public void A_short_curve_is_given_whole_with_its_steps_and_seconds()
    {
        var series = Of(count: 3, most: 10, step => step);
        Assert.Multiple(() =>
        {
            Assert.That(series.Steps, Is.EqualTo(new[] { 0, 1, 2 }));
            Assert.That(series.Seconds, Is.EqualTo(new[] { 0, 0.5, 1 }));
            Assert.That(series.Values, Is.EqualTo(new[] { 0.0, 1, 2 }));
        });
    }

    [TestCase(1_000, 100)]
    [TestCase(99_999, 400)]
    [TestCase(101, 100)]
    public void A_long_curve_keeps_its_ends_its_peaks_and_its_order(int count, int most)
    {
        var peak = count / 3;
        var series = Of(count, most, step => step == peak ? 1e6 : step == peak + 1 ? -1e6 : Math.Sin(step));
        Assert.Multiple(() =>
        {
            Assert.That(series.Steps, Has.Count.LessThanOrEqualTo(most).And.Count.GreaterThan(most / 2));
            Assert.That(series.Steps, Is.Ordered.And.Unique);
            Assert.That(series.Steps[0], Is.Zero);
            Assert.That(series.Steps[^1], Is.EqualTo(count - 1));
            Assert.That(series.Values.Max(), Is.EqualTo(1e6));
            Assert.That(series.Values.Min(), Is.EqualTo(-1e6));
        });
    }

    private static Series Of(int count, int most, Func<int, double> value)
    {
        var table = new MetricsTable(new ValueBudget(long.MaxValue));
        for (var step = 0; step < count; step++) table.Append(new MetricsLine(step, 0, [new("a", value(step)), new("time/total-seconds", step / 2.0)]));
        return Series.Of(table, table.Columns["a"], most);
    }
}
