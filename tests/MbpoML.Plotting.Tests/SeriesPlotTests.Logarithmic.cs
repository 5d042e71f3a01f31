using static MbpoML.Plotting.Tests.Picture;

namespace MbpoML.Plotting.Tests;

/// <content>Logarithmic axes.</content>
public partial class SeriesPlotTests
{
    [Test]
    public void Error_bars_on_a_logarithmic_axis_are_longer_below_and_end_above_0()
    {
        // Up to 190, and down to 25, where the axis cuts what would be 10.
        // Without a legend, whose sample is blue too.
        var plot = Plot(new PlotSeries("a", [1, 2, 3], [100, 100, 100], [0, 90, 0], SeriesStyle.Points) { InLegend = false });
        plot.LogY = true;
        using var picture = Draw(plot);
        var marker = RowsOf(picture, Blue, left: 60, right: 200);
        var bar = RowsOf(picture, Blue, left: 400, right: 550);
        var middle = (marker.Top + marker.Bottom) / 2.0;
        Assert.Multiple(() =>
        {
            Assert.That(middle - bar.Top, Is.GreaterThan(50));
            Assert.That((bar.Bottom - middle) / (middle - bar.Top), Is.EqualTo(Math.Log10(4) / Math.Log10(1.9)).Within(0.05));
        });
    }

    [Test]
    public void A_band_on_a_logarithmic_axis_that_would_reach_below_0_ends_above_it()
    {
        // From 5 to 15, then from a quarter of the smallest value, 1, to 1000: no part of the band is missing, and the axis ends soon below.
        var plot = Plot(new PlotSeries("a", [1, 2, 3], [10, 4, 500], [5, 4, 500]) { InLegend = false });
        plot.LogY = true;
        using var picture = Draw(plot);
        var texts = TextsOf(path => plot.SaveSvg(path));
        Assert.Multiple(() =>
        {
            for (var column = 150; column < 850; column += 100)
            {
                var band = RowsOf(picture, PaleBlue, column, column + 5);
                Assert.That(band.Bottom - band.Top, Is.GreaterThan(40));
            }

            Assert.That(texts, Does.Contain("1").And.Contain("1k").And.Not.Contain("0.1"));
        });
    }

    [Test]
    public void Logarithmic_axes_have_powers_of_ten_as_ticks()
    {
        var plot = Plot(new PlotSeries("a", [1, 100_000], [0.01, 20_000_000], [1, 1]));
        (plot.LogX, plot.LogY) = (true, true);
        var texts = TextsOf(path => plot.SaveSvg(path));
        Assert.That(texts, Is.SupersetOf(new[] { "1", "10", "100", "1k", "10k", "100k", "0.01", "1M" }));
    }

    [Test]
    public void Short_logarithmic_axes_have_round_ticks_in_between()
    {
        var plot = Plot(new PlotSeries("a", [10, 500], [3.1, 3.9]));
        (plot.LogX, plot.LogY) = (true, true);
        var texts = TextsOf(path => plot.SaveSvg(path));
        Assert.That(texts, Is.SupersetOf(new[] { "10", "20", "50", "100", "200", "500", "3.2", "3.4", "3.8" }));
    }

    [Test]
    public void A_logarithmic_axis_refuses_what_is_not_above_0()
    {
        var x = Plot(new("fine", [1], [1]), new("bad", [2, 0], [1, 1]));
        x.LogX = true;
        var y = Plot(new PlotSeries("bad", [0, 1], [1, -3]));
        y.LogY = true;
        var reference = Plot(new PlotSeries("fine", [1], [1]));
        (reference.LogY, reference.Reference) = (true, 0);
        Assert.Multiple(() =>
        {
            Assert.That(() => x.SavePng("never"), Throws.InvalidOperationException.With.Message.Contains("\"bad\" has the x 0 at position 1, but LogX is set"));
            Assert.That(() => y.SavePng("never"),
                Throws.InvalidOperationException.With.Message.Contains("\"bad\" has the y -3 at position 1, but LogY is set"));
            Assert.That(() => reference.SavePng("never"),
                Throws.InvalidOperationException.With.Message.Contains("Reference is 0").And.Message.Contains("above 0"));
        });
    }

    [Test]
    public void A_few_values_on_a_logarithmic_axis_have_labels_of_their_own()
    {
        var plot = Plot(new PlotSeries("a", [2000, 5000, 10_000, 20_000, 40_000], [1, 2, 3, 4, 5]),
            new PlotSeries("b", [2000, 41_000], [1, 2]) { InLegend = false });
        plot.LogX = true;
        var crowded = TextsOf(path => plot.SaveSvg(path));
        plot = Plot(plot.Series.Take(1));
        plot.LogX = true;
        var texts = TextsOf(path => plot.SaveSvg(path));
        var narrow = TextsOf(path => plot.SaveSvg(path, 150, 500));
        Assert.Multiple(() =>
        {
            Assert.That(texts, Is.SupersetOf(new[] { "2k", "5k", "10k", "20k", "40k" }));
            Assert.That(crowded, Does.Not.Contain("40k").And.Not.Contain("41k"), "two of them would lie over each other: round ones alone");
            Assert.That(narrow, Does.Not.Contain("40k"));
        });
    }
}
