using System.Xml.Linq;
using MbpoML.Tests;
using SkiaSharp;
using static MbpoML.Plotting.Tests.Picture;

namespace MbpoML.Plotting.Tests;

public class FanPlotTests
{
    private static readonly SKColor Blue = SKColor.Parse("#0072B2");

    // Blue with an opacity of 0.2 over white.
    private static readonly SKColor PaleBlue = new(204, 227, 240);

    [Test]
    public void Each_panel_shows_what_happened_the_mean_and_the_band()
    {
        using var picture = Draw(Fan(panels: 4));
        Assert.Multiple(() =>
        {
            Assert.That((picture.Width, picture.Height), Is.EqualTo((1000, (2 * 220) + 36)), "two rows and the legend");
            foreach (var (left, top) in new[] { (0, 0), (333, 0), (666, 0), (0, 220) })
            {
                var panel = Part(picture, left, top, 333, 220);
                Assert.That(panel.Count(pixel => pixel == Blue), Is.GreaterThan(200), $"the mean at {left}, {top}");
                Assert.That(panel.Count(pixel => pixel == PaleBlue), Is.GreaterThan(2000), $"the band at {left}, {top}");
                Assert.That(panel.Count(pixel => pixel == SKColors.Black), Is.GreaterThan(200), $"what happened at {left}, {top}");
            }

            Assert.That(Part(picture, 340, 220, 600, 220), Is.All.EqualTo(SKColors.White), "where no panel is, nothing is");
        });
    }

    [Test]
    public void One_legend_serves_all_panels_and_the_labels_are_text()
    {
        using var folder = new TemporaryFolder();
        var fan = Fan(panels: 5);
        (fan.Title, fan.StepLabel, fan.ActualLabel, fan.ImaginedLabel) = ("One episode", "step k", "reality", "model, ± 1 σ");
        var path = folder["made", "fan.svg"];
        fan.SaveSvg(path, 900, 600);
        var root = XDocument.Load(path).Root!;
        var texts = TextOf(path).Split('\n');
        Assert.Multiple(() =>
        {
            Assert.That(((string?)root.Attribute("width"), (string?)root.Attribute("height")), Is.EqualTo(("900", "600")));
            Assert.That(texts, Is.SupersetOf(new[] { "One episode", "quantity 0", "quantity 1", "quantity 2", "quantity 3", "quantity 4" }));
            Assert.That(texts.Count(text => text == "reality"), Is.EqualTo(1));
            Assert.That(texts.Count(text => text == "model, ± 1 σ"), Is.EqualTo(1));
            Assert.That(texts.Count(text => text == "step k"), Is.EqualTo(2), "in the last row");
        });
    }

    [Test]
    public void The_height_follows_rows_and_title()
    {
        var fan = Fan(panels: 4);
        (fan.Columns, fan.Title) = (1, "One episode");
        using var picture = Draw(fan);
        Assert.Multiple(() =>
        {
            Assert.That(picture.Height, Is.EqualTo((4 * 220) + 36 + 36));
            Assert.That(Dark(picture, rows: 30), Is.GreaterThan(100), "the heading stands at the top");
        });
    }

    [Test]
    public void What_explodes_leaves_what_happened_readable()
    {
        double[] actual = [.. Enumerable.Range(0, 50).Select(step => Math.Sin(step / 5.0))];
        var fan = new FanPlot();
        fan.Add("tame", actual, actual, [.. actual.Select(_ => 0.1)]);
        fan.Add("wild", actual, [.. actual.Select((value, step) => step < 30 ? value + Math.Exp(step) : double.NaN)],
            [.. actual.Select((_, step) => step < 20 ? Math.Exp(10 * step) : 1e308)]);
        fan.Columns = 1;
        using var picture = Draw(fan);
        int Rows(int top) =>
            Enumerable.Range(top + 60, 120).Count(row => Enumerable.Range(150, 800).Any(column => picture.GetPixel(column, row) is { Red: < 40, Blue: < 60 }));
        Assert.That(Rows(220), Is.GreaterThan(0).And.GreaterThan(Rows(0) / 4), "the sine takes about a third of the panel");
        var beyond = Part(picture, 700, 220 + 60, 250, 100);
        Assert.That(beyond, Has.None.EqualTo(PaleBlue).And.None.EqualTo(Blue), "nothing is imagined after step 29 of 49");
    }

    [Test]
    public void Nothing_finite_and_a_single_step_are_drawn()
    {
        var fan = new FanPlot();
        fan.Add("lost", [1, 2], [double.NaN, 1], [0, 0]);
        fan.Add("short", [0], [0], [double.PositiveInfinity]);
        using var picture = Draw(fan);
        Assert.That(Part(picture, 0, 40, 500, 150).Count(pixel => pixel == SKColors.Black), Is.GreaterThan(100));
    }

    [TestCase(1, 1)]
    [TestCase(2, 500)]
    [TestCase(500, 20)]
    public void A_picture_too_small_for_its_panels_is_still_one(int width, int height)
    {
        using var picture = Of(path => Fan(panels: 5).SavePng(path, width, height));
        Assert.That((picture.Width, picture.Height), Is.EqualTo((width, height)));
    }

    [Test]
    public void The_table_holds_every_step()
    {
        using var folder = new TemporaryFolder();
        var fan = new FanPlot();
        fan.Add("x, [m]", [1, 2.5], [-1, double.NaN], [1e-9, double.PositiveInfinity]);
        fan.Add("y", [7], [8], [0]);
        fan.SaveCsv(folder["made", "fan.csv"]);
        Assert.That(File.ReadAllText(folder["made", "fan.csv"]),
            Is.EqualTo("quantity,step,actual,mean,deviation\n\"x, [m]\",0,1,-1,1E-09\n\"x, [m]\",1,2.5,NaN,Infinity\ny,0,7,8,0\n"));
    }

    private static FanPlot Fan(int panels)
    {
        double[] actual = [.. Enumerable.Range(0, 30).Select(step => Math.Sin(step / 5.0))];
        var fan = new FanPlot();
        for (var index = 0; index < panels; index++)
            fan.Add($"quantity {index}", actual, [.. actual.Select(value => value + 0.5)], [.. actual.Select(_ => 0.5)]);
        return fan;
    }

    private static SKBitmap Draw(FanPlot fan) => Of(path => fan.SavePng(path));

    private static SKColor[] Part(SKBitmap picture, int left, int top, int width, int height) =>
        [.. Enumerable.Range(top, height).SelectMany(row => Enumerable.Range(left, width).Select(column => picture.GetPixel(column, row)))];
}
