namespace MbpoML.Plotting.Tests;

public class SeedAverageTests
{
    [Test]
    public void Mean_and_sample_deviation_at_the_common_steps()
    {
        var average = SeedAverage.Of([new("MBPO", [0, 10], [1, 3]), new("MBPO", [0, 10], [2, 9]), new("MBPO", [0, 10], [6, 0])]);
        Assert.Multiple(() =>
        {
            Assert.That(average.Runs, Is.EqualTo(3));
            Assert.That(average.Steps, Is.EqualTo(new[] { 0.0, 10.0 }));
            Assert.That(average.Mean, Is.EqualTo(new[] { 3.0, 4.0 }));
            // (4 + 1 + 9) / 2 = 7, (1 + 25 + 16) / 2 = 21
            Assert.That(average.StandardDeviation, Is.EqualTo(new[] { Math.Sqrt(7), Math.Sqrt(21) }).Within(1e-12));
        });
    }

    [Test]
    public void Runs_measured_at_different_steps_are_interpolated_and_each_counts_while_it_lasted()
    {
        var average = SeedAverage.Of([new("MBPO", [0, 10, 20], [0, 10, 30]), new("MBPO", [5, 15, 40], [1, 1, 1])]);
        Assert.Multiple(() =>
        {
            Assert.That(average.Steps, Is.EqualTo(new[] { 0.0, 5, 10, 15, 20, 40 }));
            Assert.That(average.Mean, Is.EqualTo(new[] { 0, 3, 5.5, 10.5, 15.5, 1 }).Within(1e-12));
            Assert.That(average.Counts, Is.EqualTo(new[] { 1, 2, 2, 2, 2, 1 }));
            Assert.That(average.StandardDeviation[^1], Is.Zero, "one run alone has no spread");
            Assert.That(average.Runs, Is.EqualTo(2));
        });
    }

    [Test]
    public void A_run_that_ended_early_shortens_no_other()
    {
        var average = SeedAverage.Of([new("MBPO", [1, 2, 3], [10, 20, 30]), new("MBPO", [1], [0]), new("MBPO", [7], [5])]);
        Assert.Multiple(() =>
        {
            Assert.That(average.Steps, Is.EqualTo(new[] { 1.0, 2, 3, 7 }));
            Assert.That(average.Mean, Is.EqualTo(new[] { 5.0, 20, 30, 5 }));
            Assert.That(average.Counts, Is.EqualTo(new[] { 2, 1, 1, 1 }));
        });
    }

    [Test]
    public void One_run_has_no_deviation() =>
        Assert.That(SeedAverage.Of([new("SAC", [3, 4], [7, 8])]).StandardDeviation, Is.EqualTo(new[] { 0.0, 0.0 }));

    [Test]
    public void Runs_that_cannot_be_averaged_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => SeedAverage.Of([]), Throws.ArgumentException);
        Assert.That(() => SeedAverage.Of([new("A", [0], [0]), new("B", [0], [0])]), Throws.ArgumentException.With.Message.Contains("[A, B]"));
    });

    [Test]
    public void An_average_of_others_is_taken_as_it_is()
    {
        var average = new SeedAverage("SAC", 5, [1, 2, 3], [4, 5, 6], [0, 1, 2]);
        Assert.Multiple(() =>
        {
            Assert.That((average.Runs, average.Steps[2], average.Mean[2], average.StandardDeviation[2]), Is.EqualTo((5, 3.0, 6.0, 2.0)));
            Assert.That(average.UpTo(2.5)!.Steps, Is.EqualTo(new[] { 1, 2, 2.5 }));
            Assert.That(average.UpTo(2.5)!.Mean, Is.EqualTo(new[] { 4, 5, 5.5 }).Within(1e-12), "it ends on the way to the next point");
            Assert.That(average.UpTo(2.5)!.StandardDeviation, Is.EqualTo(new[] { 0, 1, 1.5 }).Within(1e-12));
            Assert.That(average.UpTo(2)!.Mean, Is.EqualTo(new[] { 4.0, 5.0 }));
            Assert.That(average.UpTo(9)!.Mean, Is.EqualTo(new[] { 4.0, 5.0, 6.0 }));
            Assert.That(average.UpTo(3)!.StandardDeviation, Is.EqualTo(new[] { 0.0, 1.0, 2.0 }));
            Assert.That(average.UpTo(0.5), Is.Null);
        });
    }

    [Test]
    public void An_average_that_is_none_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => new SeedAverage("SAC", 0, [1], [1], [1]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new SeedAverage("SAC", 1, [1, 1], [1, 1], [1, 1]), Throws.ArgumentException.With.Message.Contains("ascend strictly"));
        Assert.That(() => new SeedAverage("SAC", 1, [1], [double.NaN], [1]), Throws.ArgumentException);
        Assert.That(() => new SeedAverage("SAC", 1, [1], [1], []), Throws.ArgumentException.With.Message.Contains("needed are 1 of them"));
        Assert.That(() => new SeedAverage("SAC", 1, [1], [1], [-1]), Throws.ArgumentException.With.Message.Contains("[-1]"));
    });
}
