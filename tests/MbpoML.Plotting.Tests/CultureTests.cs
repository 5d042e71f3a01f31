using System.Globalization;
using MbpoML.Tests;

namespace MbpoML.Plotting.Tests;

/// <summary>
/// One picture, one way to write a number: the same on a machine that writes 0,5, and on one whose digits or signs the embedded font does not hold.
/// </summary>
[TestFixtureSource(nameof(Cultures))]
public class CultureTests(string culture)
{
    private static readonly string[] Cultures = ["de-DE", "fr-FR", "sv-SE", "tr-TR", "ar-SA", "fa-IR", "hi-IN"];

    [Test]
    public void A_series_looks_as_it_does_everywhere([Values] bool logarithmic) => LooksTheSame((folder, name) =>
    {
        var plot = new SeriesPlot { LogY = logarithmic, LogX = logarithmic, Title = "error" };
        plot.Add(new PlotSeries("model", [0.25, 1.5, 2.75], logarithmic ? [0.001, 0.5, 1234.5] : [-0.75, 0.5, 1.25]));
        plot.SaveSvg(folder[name + ".svg"]);
        plot.SavePng(folder[name + ".png"]);
        plot.SaveCsv(folder[name + ".csv"]);
    });

    [Test]
    public void A_fan_looks_as_it_does_everywhere() => LooksTheSame((folder, name) =>
    {
        var plot = new FanPlot();
        plot.Add("angle", [0.1, -0.2, 0.35], [0.1, -0.1, 0.3], [0.01, 0.1, 0.25]);
        plot.SaveSvg(folder[name + ".svg"]);
        plot.SavePng(folder[name + ".png"]);
        plot.SaveCsv(folder[name + ".csv"]);
    });

    [Test]
    public void A_learning_curve_looks_as_it_does_everywhere() => LooksTheSame((folder, name) =>
    {
        var plot = new LearningCurvePlot { Target = -0.5 };
        plot.Add("MBPO", [500, 1500, 12_500], [-1.25, -0.75, 0.5]);
        plot.Add("MBPO", [500, 1500, 12_500], [-1.5, -0.5, 0.25]);
        plot.AddAverage(PublishedCurves.Of("Hopper")[0].Average);
        plot.SaveSvg(folder[name + ".svg"]);
        plot.SavePng(folder[name + ".png"]);
        SeedAverageCsv.Write(folder[name + ".csv"], plot.Averages());
    });

    [Test]
    public void A_table_is_read_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        var file = folder["curve.csv"];
        In(culture, () =>
        {
            LearningCurveCsv.Write(file, [new LearningCurve("MBPO", [0.5, 1000.25], [-1.5, 2e-7])]);
            Assert.That(File.ReadAllText(file), Does.Contain("-1.5").And.Contain("1000.25"));
            Assert.That(LearningCurveCsv.Read(file)[0].Returns, Is.EqualTo(new[] { -1.5, 2e-7 }));
        });
    }

    [Test]
    public void A_message_writes_numbers_as_the_picture_does() => In(culture, () => Assert.That(
        () => new LearningCurve("MBPO", [2.5, 1.5], [0, 0]), Throws.ArgumentException.With.Message.Contains("1.5")));

    private void LooksTheSame(Action<TemporaryFolder, string> draw)
    {
        using var folder = new TemporaryFolder();
        In("", () => draw(folder, "invariant"));
        In(culture, () => draw(folder, "local"));
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(folder["local.csv"]), Is.EqualTo(File.ReadAllText(folder["invariant.csv"])));
            Assert.That(Picture.TextOf(folder["local.svg"]), Is.EqualTo(Picture.TextOf(folder["invariant.svg"])).And.Not.Empty);
            Assert.That(File.ReadAllBytes(folder["local.png"]), Is.EqualTo(File.ReadAllBytes(folder["invariant.png"])));
        });
    }

    private static void In(string name, Action act)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
        try
        {
            act();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
