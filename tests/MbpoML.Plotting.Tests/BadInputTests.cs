using MbpoML.Tests;
using MbpoML.Tests.BadInput;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Plotting.Tests;

/// <summary>Whatever a caller may give that cannot be right is refused, with the documented exception that names the argument and the value.</summary>
public class BadInputTests
{
    private const string Curve = "LearningCurve(string, IReadOnlyList<double>, IReadOnlyList<double>)";
    private const string AddNumbers = "LearningCurvePlot.Add(string, IReadOnlyList<double>, IReadOnlyList<double>)";

    private const string Average = "SeedAverage(string, int, IReadOnlyList<double>, IReadOnlyList<double>, IReadOnlyList<double>)";
    private const string AverageCsv = "SeedAverageCsv.Write(string, IEnumerable<SeedAverage>)";

    private const string Series = "PlotSeries(string, IReadOnlyList<double>, IReadOnlyList<double>, IReadOnlyList<double>, SeriesStyle, int?)";
    private const string AddPanel = "FanPlot.Add(string, IReadOnlyList<double>, IReadOnlyList<double>, IReadOnlyList<double>)";

    private static IReadOnlyCollection<BadCase> Table =>
    [
        Bad<ArgumentNullException>(Curve, "no name", () => _ = new LearningCurve(null!, [1], [1]), "algorithm"),
        Bad<ArgumentException>(Curve, "a blank name", () => _ = new LearningCurve(" ", [1], [1]), "algorithm"),
        Bad<ArgumentNullException>(Curve, "no steps", () => _ = new LearningCurve("a", null!, [1]), "steps"),
        Bad<ArgumentNullException>(Curve, "no returns", () => _ = new LearningCurve("a", [1], null!), "returns"),
        Bad<ArgumentException>(Curve, "empty", () => _ = new LearningCurve("a", [], []), "0 steps"),
        Bad<ArgumentException>(Curve, "unequal", () => _ = new LearningCurve("a", [1, 2], [1]), "2 steps", "1 returns"),
        Bad<ArgumentException>(Curve, "a step back", () => _ = new LearningCurve("a", [2, 1], [1, 1]), "the step 1 at position 1"),
        Bad<ArgumentException>(Curve, "a step that is NaN", () => _ = new LearningCurve("a", [double.NaN], [1]), "NaN"),
        Bad<ArgumentException>(Curve, "an infinite return", () => _ = new LearningCurve("a", [1], [double.PositiveInfinity]), "Infinity at step 1"),
        Bad<ArgumentNullException>(AddNumbers, "no name", () => new LearningCurvePlot().Add(null!, [1], [1]), "algorithm"),
        Bad<ArgumentNullException>(AddNumbers, "no steps", () => new LearningCurvePlot().Add("a", null!, [1]), "steps"),
        Bad<ArgumentNullException>(AddNumbers, "no returns", () => new LearningCurvePlot().Add("a", [1], null!), "returns"),
        Bad<ArgumentException>(AddNumbers, "empty", () => new LearningCurvePlot().Add("a", [], []), "0 steps"),
        Bad<ArgumentNullException>("LearningCurvePlot.Add(LearningCurve)", "null", () => new LearningCurvePlot().Add(null!), "curve"),
        .. Saves("LearningCurvePlot.SavePng(string, int, int)", (plot, path, width, height) => plot.SavePng(path, width, height)),
        .. Saves("LearningCurvePlot.SaveSvg(string, int, int)", (plot, path, width, height) => plot.SaveSvg(path, width, height)),
        Bad<ArgumentNullException>("LearningCurvePlot.StepLabel", "null", () => Set((LearningCurvePlot plot) => plot.StepLabel = null!), "StepLabel"),
        Bad<ArgumentNullException>("LearningCurvePlot.ReturnLabel", "null", () => Set((LearningCurvePlot plot) => plot.ReturnLabel = null!), "ReturnLabel"),
        Bad<ArgumentNullException>("LearningCurvePlot.TargetLabel", "null", () => Set((LearningCurvePlot plot) => plot.TargetLabel = null!), "TargetLabel"),
        Bad<InvalidOperationException>(
            "LearningCurvePlot.Band", "none of the two", () => Set((LearningCurvePlot plot) => plot.Band = (CurveBand)7), "Band is 7", "StandardError"),
        Bad<InvalidOperationException>("LearningCurvePlot.Target", "NaN", () => Set((LearningCurvePlot plot) => plot.Target = double.NaN), "Target is NaN"),
        Bad<ArgumentNullException>("LearningCurveCsv.Write(string, IEnumerable<LearningCurve>)", "no path", () => LearningCurveCsv.Write(null!, []), "path"),
        Bad<ArgumentNullException>(
            "LearningCurveCsv.Write(string, IEnumerable<LearningCurve>)", "no curves", () => LearningCurveCsv.Write("never.csv", null!), "curves"),
        Bad<ArgumentNullException>(
            "LearningCurveCsv.Write(string, IEnumerable<LearningCurve>)", "a curve that is null", () => LearningCurveCsv.Write("never.csv", [null!]), "curves"),
        Bad<ArgumentException>("LearningCurveCsv.Write(string, IEnumerable<LearningCurve>)", "a name of two lines",
            () => LearningCurveCsv.Write("never.csv", [new("a\nb", [1], [1])]), "line break"),
        Bad<ArgumentNullException>("LearningCurveCsv.Read(string)", "no path", () => LearningCurveCsv.Read(null!), "path"),
        Bad<FileNotFoundException>("LearningCurveCsv.Read(string)", "no such file", () => LearningCurveCsv.Read("missing.csv"), "missing.csv"),
        Bad<FormatException>("LearningCurveCsv.Read(string)", "an empty file", () => Read(""), "does not begin"),
        Bad<FormatException>("LearningCurveCsv.Read(string)", "a line cut off", () => Read("algorithm,run,step,return\na,1,2\n"), "Line 2"),
        Bad<FormatException>("LearningCurveCsv.Read(string)", "steps that go back", () => Read("algorithm,run,step,return\na,1,2,1\na,1,1,1\n"), "the step 1"),
        Bad<ArgumentNullException>("LearningCurvePlot.AddAverage(SeedAverage)", "null", () => new LearningCurvePlot().AddAverage(null!), "average"),
        Bad<ArgumentNullException>(Average, "no name", () => _ = new SeedAverage(null!, 1, [1], [1], [1]), "algorithm"),
        Bad<ArgumentOutOfRangeException>(Average, "no runs", () => _ = new SeedAverage("a", 0, [1], [1], [1]), "runs", "Actual value was 0"),
        Bad<ArgumentNullException>(Average, "no steps", () => _ = new SeedAverage("a", 1, null!, [1], [1]), "steps"),
        Bad<ArgumentNullException>(Average, "no means", () => _ = new SeedAverage("a", 1, [1], null!, [1]), "mean"),
        Bad<ArgumentNullException>(Average, "no deviations", () => _ = new SeedAverage("a", 1, [1], [1], null!), "standardDeviation"),
        Bad<ArgumentException>(Average, "unequal", () => _ = new SeedAverage("a", 1, [1, 2], [1], [1, 1]), "2 steps", "1 returns"),
        Bad<ArgumentException>(Average, "a deviation too many", () => _ = new SeedAverage("a", 1, [1], [1], [1, 2]), "[1, 2]"),
        Bad<ArgumentException>(Average, "a negative deviation", () => _ = new SeedAverage("a", 1, [1], [1], [-1]), "[-1]"),
        Bad<ArgumentNullException>(AverageCsv, "no path", () => SeedAverageCsv.Write(null!, []), "path"),
        Bad<ArgumentNullException>(AverageCsv, "no averages", () => SeedAverageCsv.Write("never.csv", null!), "averages"),
        Bad<ArgumentNullException>(AverageCsv, "an average that is null", () => SeedAverageCsv.Write("never.csv", [null!]), "averages"),
        Bad<ArgumentException>(AverageCsv, "a name of two lines", () => SeedAverageCsv.Write("never.csv", [new("a\nb", 1, [1], [1], [0])]), "line break"),
        Bad<ArgumentNullException>("PublishedCurves.Of(string)", "no task", () => PublishedCurves.Of(null!), "task"),
        Bad<ArgumentException>("PublishedCurves.Of(string)", "a task without any", () => PublishedCurves.Of("Pendulum"), "'Pendulum'", "Hopper"),
        Bad<ArgumentNullException>("SeedAverage.Of(IReadOnlyList<LearningCurve>)", "null", () => SeedAverage.Of(null!), "curves"),
        Bad<ArgumentException>("SeedAverage.Of(IReadOnlyList<LearningCurve>)", "none", () => SeedAverage.Of([]), "curves"),
        Bad<ArgumentNullException>("SeedAverage.Of(IReadOnlyList<LearningCurve>)", "one that is null", () => SeedAverage.Of([null!]), "curves"),
        Bad<ArgumentException>("SeedAverage.Of(IReadOnlyList<LearningCurve>)", "two algorithms",
            () => SeedAverage.Of([new("a", [1], [1]), new("b", [1], [1])]), "[a, b]"),
        Bad<ArgumentNullException>(Series, "no name", () => _ = new PlotSeries(null!, [1], [1]), "name"),
        Bad<ArgumentException>(Series, "a blank name", () => _ = new PlotSeries(" ", [1], [1]), "name"),
        Bad<ArgumentNullException>(Series, "no x", () => _ = new PlotSeries("a", null!, [1]), "x"),
        Bad<ArgumentNullException>(Series, "no y", () => _ = new PlotSeries("a", [1], null!), "y"),
        Bad<ArgumentException>(Series, "empty", () => _ = new PlotSeries("a", [], []), "\"a\" has 0 x"),
        Bad<ArgumentException>(Series, "unequal", () => _ = new PlotSeries("a", [1, 2], [1]), "2 x", "1 y"),
        Bad<ArgumentException>(Series, "an x that is NaN", () => _ = new PlotSeries("a", [1, double.NaN], [1, 1]), "x NaN at position 1"),
        Bad<ArgumentException>(Series, "an infinite y", () => _ = new PlotSeries("a", [1], [double.PositiveInfinity]), "y Infinity at position 0"),
        Bad<ArgumentException>(Series, "a deviation too many", () => _ = new PlotSeries("a", [1], [1], [1, 2]), "2 deviations"),
        Bad<ArgumentException>(Series, "a negative deviation", () => _ = new PlotSeries("a", [1], [1], [-1]), "deviation -1 at position 0"),
        Bad<ArgumentException>(Series, "a deviation that is NaN", () => _ = new PlotSeries("a", [1], [1], [double.NaN]), "deviation NaN at position 0"),
        Bad<ArgumentOutOfRangeException>(
            Series, "no such style", () => _ = new PlotSeries("a", [1], [1], style: (SeriesStyle)99), "style", "LineAndPoints", "99"),
        Bad<ArgumentOutOfRangeException>("PlotSeries.Marker", "a negative number", () => _ = new PlotSeries("a", [1], [1]) { Marker = -1 }, "Marker", "-1"),
        Bad<ArgumentNullException>("SeriesCsv.Write(string, IEnumerable<PlotSeries>)", "no path", () => SeriesCsv.Write(null!, []), "path"),
        Bad<ArgumentNullException>("SeriesCsv.Write(string, IEnumerable<PlotSeries>)", "no series", () => SeriesCsv.Write("never.csv", null!), "series"),
        Bad<ArgumentNullException>(
            "SeriesCsv.Write(string, IEnumerable<PlotSeries>)", "a series that is null", () => SeriesCsv.Write("never.csv", [null!]), "series"),
        Bad<ArgumentException>("SeriesCsv.Write(string, IEnumerable<PlotSeries>)", "a name of two lines",
            () => SeriesCsv.Write("never.csv", [new("a\nb", [1], [1])]), "line break"),
        Bad<ArgumentNullException>("SeriesPlot.Add(PlotSeries)", "null", () => new SeriesPlot().Add(null!), "series"),
        .. Files("SeriesPlot.SavePng(string, int, int)", (path, width, height) => OneSeries().SavePng(path, width, height)),
        .. Files("SeriesPlot.SaveSvg(string, int, int)", (path, width, height) => OneSeries().SaveSvg(path, width, height)),
        Bad<InvalidOperationException>("SeriesPlot.SavePng(string, int, int)", "no series", () => new SeriesPlot().SavePng("never"), "call Add"),
        Bad<InvalidOperationException>("SeriesPlot.SaveSvg(string, int, int)", "no series", () => new SeriesPlot().SaveSvg("never"), "call Add"),
        Bad<ArgumentNullException>("SeriesPlot.SaveCsv(string)", "no path", () => OneSeries().SaveCsv(null!), "path"),
        Bad<ArgumentNullException>("SeriesPlot.XLabel", "null", () => Set((SeriesPlot plot) => plot.XLabel = null!), "XLabel"),
        Bad<ArgumentNullException>("SeriesPlot.YLabel", "null", () => Set((SeriesPlot plot) => plot.YLabel = null!), "YLabel"),
        Bad<ArgumentNullException>("SeriesPlot.DiagonalLabel", "null", () => Set((SeriesPlot plot) => plot.DiagonalLabel = null!), "DiagonalLabel"),
        Bad<ArgumentNullException>("SeriesPlot.ReferenceLabel", "null", () => Set((SeriesPlot plot) => plot.ReferenceLabel = null!), "ReferenceLabel"),
        Bad<InvalidOperationException>("SeriesPlot.Reference", "NaN", () => Set((SeriesPlot plot) => plot.Reference = double.NaN), "Reference is NaN"),
        Bad<InvalidOperationException>(
            "SeriesPlot.YMinimum", "infinite", () => Set((SeriesPlot plot) => plot.YMinimum = double.NegativeInfinity), "YMinimum is -Infinity"),
        Bad<InvalidOperationException>(
            "SeriesPlot.YMinimum", "above all values", () => Set((SeriesPlot plot) => plot.YMinimum = 9), "YMinimum is 9", "lie below"),
        Bad<InvalidOperationException>("SeriesPlot.YMaximum", "below the minimum", () => Set((SeriesPlot plot) => (plot.YMinimum, plot.YMaximum) = (2, 1)),
            "YMinimum is 2 and YMaximum 1"),
        Bad<InvalidOperationException>(
            "SeriesPlot.LogX", "a value of 0", () => Set((SeriesPlot plot) => plot.LogX = true), "\"a\" has the x 0 at position 0", "LogX"),
        Bad<InvalidOperationException>(
            "SeriesPlot.LogY", "a negative value", () => Set((SeriesPlot plot) => plot.LogY = true), "\"a\" has the y -1 at position 0", "LogY"),
        Bad<ArgumentNullException>(AddPanel, "no name", () => new FanPlot().Add(null!, [1], [1], [1]), "name"),
        Bad<ArgumentException>(AddPanel, "a blank name", () => new FanPlot().Add("", [1], [1], [1]), "name"),
        Bad<ArgumentNullException>(AddPanel, "nothing happened", () => new FanPlot().Add("a", null!, [1], [1]), "actual"),
        Bad<ArgumentNullException>(AddPanel, "no means", () => new FanPlot().Add("a", [1], null!, [1]), "mean"),
        Bad<ArgumentNullException>(AddPanel, "no deviations", () => new FanPlot().Add("a", [1], [1], null!), "deviation"),
        Bad<ArgumentException>(AddPanel, "empty", () => new FanPlot().Add("a", [], [], []), "\"a\" has 0 actual"),
        Bad<ArgumentException>(AddPanel, "unequal", () => new FanPlot().Add("a", [1], [1, 2], [1]), "1 actual values, 2 means and 1 deviations"),
        Bad<ArgumentException>(AddPanel, "an actual value that is NaN", () => new FanPlot().Add("a", [1, double.NaN], [1, 1], [1, 1]), "NaN at step 1"),
        Bad<ArgumentException>(AddPanel, "a negative deviation", () => new FanPlot().Add("a", [1], [1], [-1]), "deviation -1 at step 0"),
        .. Files("FanPlot.SavePng(string, int, int)", (path, width, height) => OnePanel().SavePng(path, width, height)),
        .. Files("FanPlot.SaveSvg(string, int, int)", (path, width, height) => OnePanel().SaveSvg(path, width, height)),
        Bad<InvalidOperationException>("FanPlot.SavePng(string, int, int)", "no panel", () => new FanPlot().SavePng("never"), "call Add"),
        Bad<InvalidOperationException>("FanPlot.SaveSvg(string, int, int)", "no panel", () => new FanPlot().SaveSvg("never"), "call Add"),
        Bad<ArgumentNullException>("FanPlot.SaveCsv(string)", "no path", () => OnePanel().SaveCsv(null!), "path"),
        Bad<ArgumentNullException>("FanPlot.StepLabel", "null", () => Set((FanPlot plot) => plot.StepLabel = null!), "StepLabel"),
        Bad<ArgumentNullException>("FanPlot.ActualLabel", "null", () => Set((FanPlot plot) => plot.ActualLabel = null!), "ActualLabel"),
        Bad<ArgumentNullException>("FanPlot.ImaginedLabel", "null", () => Set((FanPlot plot) => plot.ImaginedLabel = null!), "ImaginedLabel"),
        Bad<InvalidOperationException>("FanPlot.Columns", "0", () => Set((FanPlot plot) => plot.Columns = 0), "Columns is 0"),
    ];

    private static IEnumerable<TestCaseData> Rows => Table.Select(row => row.ToTest());

    [TestCaseSource(nameof(Rows))]
    public void It_is_refused(object row) => ((BadCase)row).Verify();

    [Test]
    public void Every_public_member_is_in_the_table() => SurfaceCoverage.Verify(
        typeof(LearningCurve).Assembly, Table, new Dictionary<string, string>
        {
            ["LearningCurvePlot.Title"] = "null writes no heading, and any text is one",
            ["LearningCurvePlot.Averages()"] = "takes nothing, and every curve that Add took can be averaged",
            ["SeriesPlot.Title"] = "null writes no heading, and any text is one",
            ["SeriesPlot.Note"] = "null writes no note, and any text is one",
            ["SeriesPlot.IsOrdered"] = "colours of one kind or the other: both draw",
            ["SeriesPlot.ShowsDiagonal"] = "with or without a line: both draw",
            ["PlotSeries.InLegend"] = "with or without an entry: both draw",
            ["FanPlot.Title"] = "null writes no heading, and any text is one",
            ["SeedAverage.UpTo(double)"] = "any step is good: nothing may lie before it",
            ["PublishedCurve.*"] = "a record of results, which the library makes and only reads out",
            ["PublishedAlgorithm.*"] = "a record of results, which the library makes and only reads out",
            ["PublishedSource.*"] = "a record of results, which the library makes and only reads out",
        });

    private static LearningCurvePlot Plot()
    {
        var plot = new LearningCurvePlot();
        plot.Add("a", [1, 2], [1, 2]);
        return plot;
    }

    private static SeriesPlot OneSeries()
    {
        var plot = new SeriesPlot();
        plot.Add(new PlotSeries("a", [0, 1], [-1, 1]));
        return plot;
    }

    private static FanPlot OnePanel()
    {
        var plot = new FanPlot();
        plot.Add("a", [1], [1], [1]);
        return plot;
    }

    private static IEnumerable<BadCase> Saves(string member, Action<LearningCurvePlot, string, int, int> save) =>
    [
        .. Files(member, (path, width, height) => save(Plot(), path, width, height)),
        Bad<InvalidOperationException>(member, "no curve", () => save(new LearningCurvePlot(), "never", 10, 10), "call Add"),
    ];

    private static IEnumerable<BadCase> Files(string member, Action<string, int, int> save) =>
    [
        Bad<ArgumentNullException>(member, "no path", () => save(null!, 10, 10), "path"),
        Bad<ArgumentException>(member, "an empty path", () => save("", 10, 10), "path"),
        Bad<ArgumentOutOfRangeException>(member, "no width", () => save("never", 0, 10), "width", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(member, "a negative height", () => save("never", 10, -1), "height", "Actual value was -1"),
        Bad<ArgumentOutOfRangeException>(member, "too wide", () => save("never", int.MaxValue, 10), "width", "2147483647"),
    ];

    private static void Set(Action<SeriesPlot> set)
    {
        var plot = OneSeries();
        set(plot);
        plot.SavePng("never");
    }

    private static void Set(Action<FanPlot> set)
    {
        var plot = OnePanel();
        set(plot);
        plot.SavePng("never");
    }

    private static void Set(Action<LearningCurvePlot> set)
    {
        var plot = Plot();
        set(plot);
        plot.SavePng("never", 10, 10);
    }

    private static void Read(string text)
    {
        using var folder = new TemporaryFolder();
        var file = folder["curves.csv"];
        File.WriteAllText(file, text);
        LearningCurveCsv.Read(file);
    }
}
