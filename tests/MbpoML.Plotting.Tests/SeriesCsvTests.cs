using System.Globalization;
using MbpoML.Tests;

namespace MbpoML.Plotting.Tests;

public class SeriesCsvTests
{
    [Test]
    public void Every_point_is_a_line()
    {
        using var folder = new TemporaryFolder();
        SeriesCsv.Write(folder["new", "x.csv"], [new("a, \"b\"", [1, 2.5], [0.1, -2], [0, 1e-9]), new("fit", [7], [8])]);
        Assert.That(File.ReadAllText(folder["new", "x.csv"]),
            Is.EqualTo("series,x,y,deviation\n\"a, \"\"b\"\"\",1,0.1,0\n\"a, \"\"b\"\"\",2.5,-2,1E-09\nfit,7,8,\n"));
    }

    [Test]
    public void Numbers_come_back_exactly()
    {
        using var folder = new TemporaryFolder();
        var plot = new SeriesPlot();
        plot.Add(new("a", [-Math.PI, 1e300], [1.0 / 3, double.Epsilon], [Math.E, 0.1 + 0.2]));
        plot.SaveCsv(folder["x.csv"]);
        var numbers = File.ReadAllLines(folder["x.csv"]).Skip(1).SelectMany(line => line.Split(',')[1..])
            .Select(cell => double.Parse(cell, CultureInfo.InvariantCulture));
        Assert.That(numbers, Is.EqualTo(new[] { -Math.PI, 1.0 / 3, Math.E, 1e300, double.Epsilon, 0.1 + 0.2 }));
    }

    [Test]
    public void A_name_with_a_line_break_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => SeriesCsv.Write(folder["c"], [new("a\nb", [0], [0])]),
            Throws.ArgumentException.With.Message.Contains("of a series holds a line break"));
    }
}
