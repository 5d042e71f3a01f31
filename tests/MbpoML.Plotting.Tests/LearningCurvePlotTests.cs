using System.Xml.Linq;
using MbpoML.Tests;
using SkiaSharp;
using static MbpoML.Plotting.Tests.Picture;

namespace MbpoML.Plotting.Tests;

public class LearningCurvePlotTests
{
    private static readonly SKColor Blue = SKColor.Parse("#0072B2");
    private static readonly SKColor Vermilion = SKColor.Parse("#D55E00");

    // Blue with an opacity of 0.2 over white: a band.
    private static readonly SKColor PaleBlue = new(204, 227, 240);

    [Test]
    public void A_png_has_the_size_asked_for_and_a_line_in_each_algorithms_colour()
    {
        using var picture = Draw(TwoAlgorithms());
        Assert.Multiple(() =>
        {
            Assert.That((picture.Width, picture.Height), Is.EqualTo((900, 500)));
            Assert.That(Count(picture, Blue), Is.GreaterThan(1000));
            Assert.That(Count(picture, Vermilion), Is.GreaterThan(1000));
        });
    }

    [Test]
    public void A_picture_of_many_curves_grows_with_its_legend()
    {
        LearningCurvePlot Of(int curves)
        {
            var plot = new LearningCurvePlot();
            // Each name is so long that it has a line of the legend for itself.
            for (var curve = 0; curve < curves; curve++) plot.Add($"algorithm {curve} {new string('o', 60)}", [0, 1000], [-1000, 0]);
            return plot;
        }

        // The frame on the right is as high as the plot.
        static int Height(LearningCurvePlot plot)
        {
            using var picture = Picture.Of(path => plot.SavePng(path, height: plot.FittingHeight));
            return Enumerable.Range(picture.Width - 30, 30).Max(
                column => Enumerable.Range(0, picture.Height).Count(row => picture.GetPixel(column, row) == SKColors.Black));
        }

        Assert.That(Of(6).FittingHeight, Is.EqualTo(LearningCurvePlot.DefaultHeight));
        Assert.That(Of(12).FittingHeight, Is.EqualTo(LearningCurvePlot.DefaultHeight + 132));
        Assert.That(Of(2000).FittingHeight, Is.EqualTo(16_384));
        var (few, many) = (Height(Of(6)), Height(Of(12)));
        Assert.That(few, Is.GreaterThan(100), "the frame on the right is found");
        Assert.That(many, Is.EqualTo(few).Within(10).Percent, "the plot keeps its room");
    }

    [Test]
    public void Several_seeds_show_a_band_and_one_does_not()
    {
        var one = new LearningCurvePlot();
        one.Add("MBPO", [0, 1000], [-1000, 0]);
        var three = new LearningCurvePlot();
        foreach (var offset in new[] { -200, 0, 200 }) three.Add("MBPO", [0, 1000], [-1000 + offset, offset]);

        using var without = Draw(one);
        using var with = Draw(three);
        Assert.Multiple(() =>
        {
            Assert.That(Count(without, PaleBlue), Is.Zero);
            Assert.That(Count(with, PaleBlue), Is.GreaterThan(20_000));
        });
    }

    [Test]
    public void No_band_lies_over_the_line_of_another()
    {
        var plot = new LearningCurvePlot();
        plot.Add("MBPO", [0, 1000], [0, 0]);
        foreach (var offset in new[] { -500, 700 }) plot.Add("SAC", [0, 1000], [offset, offset]);
        using var picture = Draw(plot);
        Assert.That(Count(picture, Blue), Is.GreaterThan(1000));
    }

    [Test]
    public void Averages_of_others_are_drawn_dashed_beside_the_runs()
    {
        var plot = new LearningCurvePlot();
        plot.Add("MBPO", [0, 1000], [-1000, 0]);
        using var alone = Draw(plot);
        plot.AddAverage(new SeedAverage("SAC", 5, [0, 1000], [-1000, 0], [0, 0]));
        using var beside = Draw(plot);
        var solid = new LearningCurvePlot();
        solid.Add("MBPO", [0, 1000], [-1000, 0]);
        solid.Add("SAC", [0, 1000], [-1000, 0]);
        using var both = Draw(solid);
        Assert.Multiple(() =>
        {
            Assert.That(plot.Averages().Select(average => average.Algorithm), Is.EqualTo(new[] { "MBPO", "SAC" }));
            Assert.That(Count(alone, Vermilion), Is.Zero);
            Assert.That(Count(beside, Vermilion), Is.GreaterThan(100).And.LessThan(Count(both, Vermilion) * 0.9));
        });
    }

    [Test]
    public void Bands_of_the_standard_error_are_narrower_by_the_root_of_the_number_of_seeds()
    {
        var plot = new LearningCurvePlot();
        foreach (var height in new double[] { 0, 0, 1000, 1000 }) plot.Add("MBPO", [0, 1000], [height, height]);
        // The same scale for both: the band alone must not set it.
        plot.Add("scale", [0, 1000], [-1000, 2000]);
        using var deviation = Draw(plot);
        plot.Band = CurveBand.StandardError;
        using var error = Draw(plot);
        Assert.That(Count(deviation, PaleBlue) / (double)Count(error, PaleBlue), Is.EqualTo(2).Within(0.1));
    }

    [Test]
    public void The_target_and_the_title_are_drawn()
    {
        var plot = TwoAlgorithms();
        using var bare = Draw(plot);
        plot.Target = -180;
        plot.TargetLabel = "solved";
        using var target = Draw(plot);
        plot.Title = "Pendulum";
        using var titled = Draw(plot);
        Assert.Multiple(() =>
        {
            Assert.That(Count(target, SKColor.Parse("#666666")), Is.GreaterThan(Count(bare, SKColor.Parse("#666666")) + 300));
            Assert.That(Dark(titled, rows: 30), Is.GreaterThan(100), "the heading stands at the top");
            Assert.That(Dark(target, rows: 8), Is.Zero, "without a heading the top is empty");
        });
    }

    [Test]
    public void A_single_evaluation_is_visible()
    {
        var plot = new LearningCurvePlot();
        plot.Add("MBPO", [250], [-300]);
        using var picture = Draw(plot);
        // The legend's sample of the line holds some blue pixels too.
        Assert.That(Count(picture, Blue), Is.GreaterThan(40));
    }

    [Test]
    public void More_algorithms_than_colours_are_all_in_the_legend()
    {
        using var folder = new TemporaryFolder();
        var plot = new LearningCurvePlot();
        for (var index = 0; index < 9; index++) plot.Add($"algorithm-{index}", [0, 1], [index, index + 1]);
        plot.SaveSvg(folder["curves.svg"], 1200, 700);
        var text = TextOf(folder["curves.svg"]);
        for (var index = 0; index < 9; index++) Assert.That(text, Does.Contain($"algorithm-{index}"));
    }

    [Test]
    public void An_svg_has_the_size_and_the_labels_as_text()
    {
        using var folder = new TemporaryFolder();
        var path = folder["made", "curves.svg"];
        TwoAlgorithms().SaveSvg(path, 640, 400);
        var root = XDocument.Load(path).Root!;
        Assert.Multiple(() =>
        {
            Assert.That(((string?)root.Attribute("width"), (string?)root.Attribute("height")), Is.EqualTo(("640", "400")));
            Assert.That(TextOf(path), Does.Contain("environment steps").And.Contain("return of an episode").And.Contain("MBPO, mean ± 1 sd of 2 seeds"));
            Assert.That(File.ReadAllText(path), Does.Contain("DejaVu Sans"));
        });
    }

    [Test]
    public void The_font_comes_from_the_assembly_and_has_the_characters_of_formulas()
    {
        EmbeddedFont.Register();
        using var font = ScottPlot.Fonts.GetTypeface(EmbeddedFont.Name, bold: false, italic: false);
        Assert.Multiple(() =>
        {
            Assert.That(font.FamilyName, Is.EqualTo("DejaVu Sans"));
            Assert.That(font.ContainsGlyphs("Reward ± 1 σ, −180, 10³ µs äöü"), Is.True);
        });
    }

    [Test]
    public void Bad_input_is_refused()
    {
        var plot = new LearningCurvePlot();
        Assert.Multiple(() =>
        {
            Assert.That(() => plot.SavePng("nothing.png"), Throws.InvalidOperationException.With.Message.Contains("no curve"));
            Assert.That(() => plot.SavePng("nothing.png", width: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(File.Exists("nothing.png"), Is.False);
        });
    }

    private static LearningCurvePlot TwoAlgorithms()
    {
        var plot = new LearningCurvePlot();
        plot.Add("MBPO", [0, 500, 1000, 1500], [-1400, -700, -200, -150]);
        plot.Add("MBPO", [0, 500, 1000, 1500], [-1200, -900, -240, -140]);
        plot.Add("SAC", [0, 1500], [-1300, -1100]);
        return plot;
    }

    private static SKBitmap Draw(LearningCurvePlot plot) => Picture.Of(path => plot.SavePng(path));
}
