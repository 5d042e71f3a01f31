using MbpoML.Theory;

namespace MbpoML.Tests.Theory;

public class ModelGeneralizationFitTests
{
    [Test]
    public void Points_on_a_line_give_the_line()
    {
        var fit = ModelGeneralization.Fit([0, 0.1, 0.4, 1], [0.05, 0.11, 0.29, 0.65]);
        Assert.That((fit.ErrorOnData, fit.Slope), Is.EqualTo((0.05, 0.6)).Using<(double, double)>((one, other) => Math.Abs(one.Item1 - other.Item1) < 1e-12 && Math.Abs(one.Item2 - other.Item2) < 1e-12));
    }

    [Test]
    public void Other_points_give_the_line_of_least_squares()
    {
        // By hand: means 0.2 and 0.3; Σ(x - x̄)(y - ȳ) = 0.02 + 0 + 0.04 = 0.06, Σ(x - x̄)² = 0.08.
        var fit = ModelGeneralization.Fit([0, 0.2, 0.4], [0.2, 0.2, 0.5]);
        Assert.Multiple(() =>
        {
            Assert.That(fit.Slope, Is.EqualTo(0.75).Within(1e-12));
            Assert.That(fit.ErrorOnData, Is.EqualTo(0.15).Within(1e-12));
            // No other line is nearer.
            double Squares(double offset, double slope) => new[] { (0.0, 0.2), (0.2, 0.2), (0.4, 0.5) }.Sum(point => Math.Pow(point.Item2 - offset - (slope * point.Item1), 2));
            var least = Squares(fit.ErrorOnData, fit.Slope);
            foreach (var (offset, slope) in new[] { (0.16, 0.75), (0.14, 0.75), (0.15, 0.8), (0.15, 0.7) }) Assert.That(Squares(offset, slope), Is.GreaterThan(least));
        });
    }

    [Test]
    public void An_offset_is_an_error_and_never_negative() => Assert.That(ModelGeneralization.Fit([0.5, 1], [0.1, 0.9]).ErrorOnData, Is.Zero);
}
