using MbpoML.Algorithms.Offline.Verdicts;

namespace MbpoML.Offline.Tests.Verdicts;

/// <summary>Means, spreads and correlations of numbers that can be computed by hand.</summary>
public class StatisticsTests
{
    // The mean is 5, the squares of the distances are 9, 1, 1 and 9, and 20 over 3 is the variance.
    private static readonly double[] Numbers = [2, 4, 6, 8];

    [Test]
    public void The_deviation_is_that_of_a_sample() => Assert.Multiple(() =>
    {
        Assert.That(Statistics.Deviation(Numbers), Is.EqualTo(Math.Sqrt(20.0 / 3)).Within(1e-12));
        Assert.That(Statistics.Deviation([3, 5]), Is.EqualTo(Math.Sqrt(2)).Within(1e-12), "two numbers are enough");
        Assert.That(Statistics.Deviation([7]), Is.Zero);
    });

    [Test]
    public void A_mean_stands_beside_half_of_its_interval() => Assert.Multiple(() =>
    {
        var (mean, half) = Statistics.Mean(Numbers);
        Assert.That(mean, Is.EqualTo(5));
        Assert.That(half, Is.EqualTo(1.96 * Math.Sqrt(20.0 / 3) / 2).Within(1e-12));
        Assert.That(Statistics.Mean([7]), Is.EqualTo((7.0, 0.0)));
    });

    [Test]
    public void Independent_causes_add_by_their_squares() => Assert.Multiple(() =>
    {
        Assert.That(Statistics.Together(3, 4), Is.EqualTo(5).Within(1e-12));
        Assert.That(Statistics.Together(2, 3, 6), Is.EqualTo(7).Within(1e-12));
        Assert.That(Statistics.Together(), Is.Zero);
    });

    [Test]
    public void The_correlation_is_pearsons() => Assert.Multiple(() =>
    {
        // Deviations (-1.5, -0.5, 0.5, 1.5) and (-2, 0, -1, 3), so r = 7 / √(5 · 14).
        Assert.That(Statistics.Correlation([1, 2, 3, 4], [10, 12, 11, 15]), Is.EqualTo(7 / Math.Sqrt(5 * 14)).Within(1e-12));
        Assert.That(Statistics.Correlation([1, 2, 3], [-2, -4, -6]), Is.EqualTo(-1).Within(1e-12));
    });

    [Test]
    public void Without_a_change_on_either_side_there_is_no_correlation() => Assert.Multiple(() =>
    {
        Assert.That(Statistics.Correlation([1, 1], [1, 2]), Is.NaN);
        Assert.That(Statistics.Correlation([1, 2], [1, 1]), Is.NaN);
    });
}
