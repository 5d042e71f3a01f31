using MbpoML.Evaluation.Diagnostics;
using MbpoML.Theory;
using MbpoML.Tool.Commands.Diagnose;

namespace MbpoML.Tool.Tests.Commands.Diagnose;

[Category("Text")]
public class GeneralizationPicturesTests
{
    // Slopes through the first point, by hand: 0.25 and (0.2 · 0.1 + 0.4 · 0.1) / 0.2 = 0.3.
    private static readonly GeneralizationCurve First = Curve((0, 0.1), (0.4, 0.2), (0.9, 0.9));
    private static readonly GeneralizationCurve Second = Curve((0, 0.06), (0.2, 0.16), (0.4, 0.16));

    [Test]
    public void Lines_begin_at_the_measured_error()
    {
        var plot = new GeneralizationPictures("Task", [[First], [Second]], largestShift: 0.5, discount: 0.9).ErrorAgainstShift();
        var line = plot.Series[^1];
        Assert.Multiple(() =>
        {
            Assert.That(line.X, Is.EqualTo(new[] { 0, 0.5 }));
            Assert.That(line.Y, Is.EqualTo(new[] { 0.08, 0.08 + (0.5 * 0.275) }).Within(1e-12));
            Assert.That(plot.Series.Take(2).Select(series => (series.Name, series.Marker, series.InLegend)),
                Is.EqualTo(new[] { ("10 transitions", 0, true), ("10 transitions", 1, false) }), "a shape for each run");
        });
    }

    [Test]
    public void The_table_has_error_and_slope_and_the_best_length_for_the_discount_of_the_runs()
    {
        var error = 0.08 + (0.1 * 0.275) - 0.06;
        GeneralizationCurve[] low = [Curve((0, 0.04), (0.4, 0.14), (0.9, 0.9)), Curve((0, 0), (0.2, 0.1), (0.4, 0.1))];
        string Row(double? discount) => TableText.Rows(new GeneralizationPictures("Task", [[low[0]], [low[1]]], largestShift: 0.5, discount).Table()).Single();
        Assert.Multiple(() =>
        {
            Assert.That(Row(0.9), Is.EqualTo($"10 0.020 0.028 0.275 0.035 yes {OptimalRolloutLength.Of(error, 0.1, 0.9)}"));
            Assert.That(Row(0.99), Does.EndWith($" {OptimalRolloutLength.Of(error, 0.1, 0.99)}"));
            Assert.That(Row(null), Does.EndWith(" yes -"), "runs of different discounts");
        });
    }

    [Test]
    public void A_single_run_has_no_deviation()
    {
        var pictures = new GeneralizationPictures("Task", [[First]], largestShift: 0.5, discount: 0.9);
        Assert.Multiple(() =>
        {
            Assert.That(TableText.Rows(pictures.Table()), Is.EqualTo(new[] { "10 0.100 - 0.250 - no 0" }));
            Assert.That(pictures.SlopeAgainstSize().Series.Select(series => series.Deviation), Has.All.Null);
            Assert.That(pictures.ErrorAgainstShift().Note, Is.Null);
        });
    }

    private static GeneralizationCurve Curve(params (double Shift, double Error)[] points) =>
        new(
            10,
            [.. points.Select(
                point => new GeneralizationPoint(new PolicyShift(0, 0, point.Shift, point.Shift), new ModelError(point.Error, 0, 0, [1], point.Error)))]);
}
