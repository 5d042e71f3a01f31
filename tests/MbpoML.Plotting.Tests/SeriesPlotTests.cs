using SkiaSharp;
using static MbpoML.Plotting.Tests.Picture;

namespace MbpoML.Plotting.Tests;

public partial class SeriesPlotTests
{
    private static readonly SKColor Blue = SKColor.Parse("#0072B2");
    private static readonly SKColor Vermilion = SKColor.Parse("#D55E00");
    private static readonly SKColor Grey = SKColor.Parse("#666666");

    // Blue with an opacity of 0.2 over white.
    private static readonly SKColor PaleBlue = new(204, 227, 240);

    [Test]
    public void A_png_has_the_size_asked_for_and_a_colour_for_each_series()
    {
        using var picture = Draw(Plot(new("a", [0, 1], [0, 1]), new("b", [0, 1], [1, 0])));
        Assert.Multiple(() =>
        {
            Assert.That((picture.Width, picture.Height), Is.EqualTo((900, 500)));
            Assert.That(Count(picture, Blue), Is.GreaterThan(1000));
            Assert.That(Count(picture, Vermilion), Is.GreaterThan(1000));
        });
    }

    // As the names of tasks of one's own can make it.
    [Test]
    public void A_long_heading_is_written_in_lines_of_whole_words_inside_the_picture()
    {
        const string Heading =
            "The stirred tank reactor with a cooling limit and two feeds [v2]: growth of the model's error with the number of imagined steps";
        var plot = Plot(new PlotSeries("a", [0, 1], [0, 1]));
        plot.Title = Heading;
        using var picture = Draw(plot);
        var (top, edges) = (picture.Height / 4, Enumerable.Range(0, 10).Concat(Enumerable.Range(picture.Width - 10, 10)).ToArray());
        Assert.Multiple(() =>
        {
            Assert.That(Dark(picture, top), Is.GreaterThan(1000), "it is there");
            Assert.That(edges.Sum(column => Enumerable.Range(0, top).Count(row => picture.GetPixel(column, row).Red < 80)), Is.Zero, "and cut at neither edge");
            Assert.That(string.Join(' ', TextsOf(path => plot.SaveSvg(path))), Does.Contain("reactor").And.Contain("imagined"));
        });
    }

    [Test]
    public void Series_of_one_group_share_a_colour()
    {
        using var picture = Draw(Plot(new("points", [0, 1], [0, 1], null, SeriesStyle.Points, 3), new("fit", [0, 1], [1, 0], null, SeriesStyle.Dashed, 3)));
        Assert.Multiple(() =>
        {
            Assert.That(Count(picture, Blue), Is.GreaterThan(500));
            Assert.That(Count(picture, Vermilion), Is.Zero);
        });
    }

    [Test]
    public void Each_style_shows_what_it_says()
    {
        SKBitmap Of(SeriesStyle style, bool deviates) => Draw(Plot(new PlotSeries("a", [0, 1, 2], [1, 1, 1], deviates ? [1, 1, 1] : null, style)));
        int Blues(SeriesStyle style, bool deviates)
        {
            using var picture = Of(style, deviates);
            return Count(picture, Blue);
        }

        int Pale(SeriesStyle style)
        {
            using var picture = Of(style, deviates: true);
            return Count(picture, PaleBlue);
        }

        var line = Blues(SeriesStyle.Line, deviates: false);
        Assert.Multiple(() =>
        {
            Assert.That(Pale(SeriesStyle.Line), Is.GreaterThan(20_000));
            Assert.That(Pale(SeriesStyle.Dashed), Is.GreaterThan(20_000));
            Assert.That(Pale(SeriesStyle.Points), Is.LessThan(100));
            Assert.That(Blues(SeriesStyle.Dashed, deviates: false), Is.InRange(line * 0.3, line * 0.8));
            Assert.That(Blues(SeriesStyle.Points, deviates: false), Is.InRange(60, line * 0.3));
            Assert.That(Blues(SeriesStyle.LineAndPoints, deviates: false), Is.GreaterThan(line + 40));
            Assert.That(Blues(SeriesStyle.Points, deviates: true), Is.GreaterThan(Blues(SeriesStyle.Points, deviates: false) + 300),
                "three bars nearly as high as the picture");
            Assert.That(Blues(SeriesStyle.Thin, deviates: true), Is.LessThan(10), "half-transparent, and without a band");
        });
    }

    [Test]
    public void Ordered_groups_run_from_dark_to_light_by_their_number()
    {
        var plot = Plot(new("large", [0, 1], [2, 2], null, SeriesStyle.Line, 3), new("small", [0, 1], [0, 0], null, SeriesStyle.Line, 1),
            new("medium", [0, 1], [1, 1], null, SeriesStyle.Line, 2));
        plot.IsOrdered = true;
        using var picture = Draw(plot);
        // The ends of viridis, up to 0.8 of it.
        var (dark, light) = (new SKColor(68, 1, 84), new SKColor(121, 209, 81));
        Assert.Multiple(() =>
        {
            Assert.That(Count(picture, Blue), Is.Zero);
            Assert.That(RowsOf(picture, light, 200, 300).Top, Is.LessThan(RowsOf(picture, dark, 200, 300).Top));
            Assert.That(Count(picture, dark), Is.GreaterThan(500));
            Assert.That(Count(picture, light), Is.GreaterThan(500));
        });
    }

    [Test]
    public void Thin_lines_of_one_name_share_a_legend_entry_and_a_colour()
    {
        PlotSeries Rollout(double y, int? group) => new("rollout", [0, 1], [y, y], null, SeriesStyle.Thin, group);
        var plot = Plot(
            [.. Enumerable.Range(0, 20).Select(y => Rollout(y, null)), Rollout(30, 1), new("mean", [0, 1], [5, 5]),
                new("hidden", [0, 1], [6, 6]) { InLegend = false }]);
        var texts = TextsOf(path => plot.SaveSvg(path));
        Assert.Multiple(() =>
        {
            Assert.That(texts.Count(text => text == "rollout"), Is.EqualTo(2), "one without a group and one of group 1");
            Assert.That(texts, Does.Contain("mean"));
            Assert.That(texts, Does.Not.Contain("hidden"));
        });
        using var picture = Draw(plot);
        Assert.That(Count(picture, SKColor.Parse("#009E73")), Is.GreaterThan(1000), "the mean is the third colour only");
    }

    [Test]
    public void No_band_lies_over_the_line_of_another()
    {
        using var picture = Draw(Plot(new("a", [0, 1], [0, 0]), new("b", [0, 1], [0.5, 0.5], [1, 1])));
        Assert.That(Count(picture, Blue), Is.GreaterThan(1000));
    }

    [Test]
    public void A_note_stands_above_everything_that_is_drawn_and_below_the_heading([Values] bool hasTitle)
    {
        // Points everywhere, up to the very top.
        var plot = Plot(
            new PlotSeries("a", [.. Enumerable.Range(0, 900).Select(index => (double)(index % 30))],
                [.. Enumerable.Range(0, 900).Select(index => (double)(index / 30))], style: SeriesStyle.Points));
        (plot.YMinimum, plot.YMaximum, plot.Title) = (0, 29, hasTitle ? "heading" : null);
        using var bare = Draw(plot);
        plot.Note = "a note that is more than half as wide as the whole picture, by its letters";
        using var noted = Draw(plot);
        var (before, after) = (RowsOf(bare, Blue, 0, bare.Width).Top, RowsOf(noted, Blue, 0, noted.Width).Top);
        Assert.Multiple(() =>
        {
            Assert.That(after - before, Is.InRange(14, 40), "a line of text");
            Assert.That(Dark(noted, after) - Dark(bare, before), Is.GreaterThan(500), "which is all there");
            Assert.That(noted.Pixels[..(25 * noted.Width)], hasTitle ? Is.EqualTo(bare.Pixels[..(25 * bare.Width)])
                : Is.Not.Null, "the heading stays at the top");
        });
    }

    [Test]
    public void Markers_of_one_colour_are_told_apart_by_their_shape()
    {
        int[] counts = [.. Enumerable.Range(0, 12).Select(marker =>
        {
            using var picture = Draw(Plot(new PlotSeries("a", [0, 1], [0, 1], style: SeriesStyle.Points) { Marker = marker, InLegend = false }));
            return picture.Pixels.Count(pixel => pixel != SKColors.White && pixel.Blue > pixel.Red + 20);
        })];
        // A triangle that stands on its tip has as many pixels as one that does not.
        Assert.That(counts, Has.All.GreaterThan(10));
        Assert.That(counts.Distinct().Count(), Is.GreaterThanOrEqualTo(8));
    }

    [Test]
    public void Diagonal_reference_note_and_title_are_drawn()
    {
        var plot = Plot(new PlotSeries("a", [0, 10], [10, 0]));
        using var bare = Draw(plot);
        (plot.ShowsDiagonal, plot.DiagonalLabel) = (true, "ideal");
        using var diagonal = Draw(plot);
        (plot.Reference, plot.ReferenceLabel, plot.Note, plot.Title, plot.XLabel, plot.YLabel) =
            (5, "floor", "Pearson r = 0.93", "Calibration", "predicted σ", "observed");
        using var all = Draw(plot);
        Assert.Multiple(() =>
        {
            Assert.That(Count(diagonal, Grey), Is.GreaterThan(Count(bare, Grey) + 100));
            Assert.That(Count(all, Grey), Is.GreaterThan(Count(diagonal, Grey) + 300));
            Assert.That(Dark(all, rows: 30), Is.GreaterThan(100), "the heading stands at the top");
            Assert.That(TextsOf(path => plot.SaveSvg(path)),
                Is.SupersetOf(new[] { "ideal", "floor", "Pearson r = 0.93", "Calibration", "predicted σ", "observed", "a" }));
        });
    }

    [Test]
    public void The_ends_of_the_axis_are_where_they_are_set()
    {
        var plot = Plot(new PlotSeries("a", [0, 1], [0, 1]));
        plot.YMaximum = 400;
        var texts = TextsOf(path => plot.SaveSvg(path));
        plot.YMaximum = -5;
        Assert.Multiple(() =>
        {
            Assert.That(texts, Does.Contain("400"));
            Assert.That(() => plot.SavePng("never"), Throws.InvalidOperationException.With.Message.Contains("YMaximum is -5, but all values lie above"));
        });
    }

    [Test]
    public void More_series_than_fit_beside_each_other_are_all_in_the_legend()
    {
        var plot = Plot([.. Enumerable.Range(0, 9).Select(index => new PlotSeries($"an ensemble of {index} networks of many layers", [0, 1], [index, index]))]);
        var texts = TextsOf(path => plot.SaveSvg(path, 500, 600));
        using var picture = Of(path => plot.SavePng(path, 500, 600));
        Assert.Multiple(() =>
        {
            foreach (var series in plot.Series) Assert.That(texts, Does.Contain(series.Name));
            Assert.That(RowsOf(picture, Vermilion, 0, 500).Bottom, Is.LessThan(595));
        });
    }

    [Test]
    public void Characters_that_the_font_lacks_do_no_harm()
    {
        var plot = Plot(new PlotSeries("a′ ∝ √b 漢", [0, 1], [0, 1]));
        using var picture = Draw(plot);
        Assert.That(Count(picture, Blue), Is.GreaterThan(1000));
    }

    private static SeriesPlot Plot(params IEnumerable<PlotSeries> series)
    {
        var plot = new SeriesPlot();
        foreach (var one in series) plot.Add(one);
        return plot;
    }

    private static SKBitmap Draw(SeriesPlot plot) => Of(path => plot.SavePng(path));
}
