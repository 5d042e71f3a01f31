using MbpoML.Evaluation.Diagnostics;

namespace MbpoML.Tests.Evaluation.Diagnostics;

public class ReturnComparisonTests
{
    [Test]
    public void The_correlation_is_pearsons()
    {
        // By hand: deviations (-1.5, -0.5, 0.5, 1.5) and (-2, 0, -1, 3), so r = 7 / √(5 · 14).
        var comparison = new ReturnComparison([1, 2, 3, 4], [10, 12, 11, 15]);
        Assert.Multiple(() =>
        {
            Assert.That(comparison.Correlation, Is.EqualTo(7 / Math.Sqrt(5 * 14)).Within(1e-12));
            Assert.That(comparison.MeanExcess, Is.EqualTo(9.5).Within(1e-12));
            Assert.That(new ReturnComparison([1, 2, 3], [-2, -4, -6]).Correlation, Is.EqualTo(-1).Within(1e-12));
            Assert.That(new ReturnComparison([1, 1], [1, 2]).Correlation, Is.NaN);
        });
    }

    [Test]
    public void Pairs_are_taken_where_the_episode_ended()
    {
        // The first episode was cut after two steps, so the model's sums count up to there; the second was terminated by its task.
        var cut = new ModelReturns([1, 3], [[1, 2, 9], [1, 4, 9]], TerminatedInEnvironment: false);
        var over = new ModelReturns([5], [[5, 6, 7]], TerminatedInEnvironment: true);
        var comparison = ReturnComparison.Of([cut, over]);
        Assert.That((comparison.Actual, comparison.Imagined), Is.EqualTo((new[] { 3.0, 5 }, new[] { 3.0, 7 })));
    }
}
