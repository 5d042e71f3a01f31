using MbpoML.Theory;

namespace MbpoML.Tests.Theory;

public class ModelGeneralizationFitTests
{
    [Test]
    public void Points_on_a_line_give_the_line()
    {
        var fit = ModelGeneralization.Fit(0.05, [0, 0.1, 0.4, 1], [0.05, 0.11, 0.29, 0.65]);
        Assert.That((fit.ErrorOnData, fit.Slope), Is.EqualTo((0.05, 0.6))
            .Using<(double, double)>((one, other) => Math.Abs(one.Item1 - other.Item1) < 1e-12 && Math.Abs(one.Item2 - other.Item2) < 1e-12));
    }

    [Test]
    public void Other_points_give_the_slope_of_least_squares_through_the_measured_error()
    {
        // By hand: Σ x (y - 0.2) = 0.2 · 0 + 0.4 · 0.3 = 0.12, Σ x² = 0.2.
        var fit = ModelGeneralization.Fit(0.2, [0.2, 0.4], [0.2, 0.5]);
        Assert.Multiple(() =>
        {
            Assert.That(fit.Slope, Is.EqualTo(0.6).Within(1e-12));
            Assert.That(fit.ErrorOnData, Is.EqualTo(0.2), "it is measured and not fitted: the line of least squares would begin at -0.1");
            // No other line through it is nearer.
            double Squares(double slope) => new[] { (0.2, 0.2), (0.4, 0.5) }.Sum(point => Math.Pow(point.Item2 - 0.2 - (slope * point.Item1), 2));
            foreach (var slope in new[] { 0.59, 0.61 }) Assert.That(Squares(slope), Is.GreaterThan(Squares(fit.Slope)));
        });
    }

    [Test]
    public void A_point_without_a_shift_says_nothing_about_the_slope() =>
        Assert.That(ModelGeneralization.Fit(0.2, [0, 0.5], [0.9, 0.3]), Is.EqualTo(ModelGeneralization.Fit(0.2, [0.5], [0.3])));
}
