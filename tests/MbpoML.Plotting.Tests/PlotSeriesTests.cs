namespace MbpoML.Plotting.Tests;

public class PlotSeriesTests
{
    [Test]
    public void Points_are_copied()
    {
        double[] x = [1], y = [2], deviation = [3];
        var series = new PlotSeries("a", x, y, deviation, SeriesStyle.Points, 7);
        x[0] = y[0] = deviation[0] = 99;
        Assert.That((series.X[0], series.Y[0], series.Deviation![0], series.Style, series.Group, series.InLegend),
            Is.EqualTo((1.0, 2.0, 3.0, SeriesStyle.Points, (int?)7, true)));
    }

    [Test]
    public void Bad_points_are_named() => Assert.Multiple(() =>
    {
        Assert.That(() => new PlotSeries("A", [1, 2], [1, double.NaN]), Throws.ArgumentException.With.Message.Contains("\"A\" has the y NaN at position 1"));
        Assert.That(() => new PlotSeries("A", [1, double.NegativeInfinity], [1, 2]),
            Throws.ArgumentException.With.Message.Contains("\"A\" has the x -Infinity at position 1"));
        Assert.That(() => new PlotSeries("A", [2, 1, 2], [1, 2, 3]), Throws.Nothing, "points may come in any order");
    });
}
