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
        Bad<ArgumentException>("LearningCurvePlot.Averages()", "runs that do not meet", () =>
        {
            var plot = Plot();
            plot.Add("a", [8, 9], [1, 1]);
            plot.Averages();
        }, "no step in common", "8"),
        .. Saves("LearningCurvePlot.SavePng(string, int, int)", (plot, path, width, height) => plot.SavePng(path, width, height)),
        .. Saves("LearningCurvePlot.SaveSvg(string, int, int)", (plot, path, width, height) => plot.SaveSvg(path, width, height)),
        Bad<ArgumentNullException>("LearningCurvePlot.StepLabel", "null", () => Set(plot => plot.StepLabel = null!), "StepLabel"),
        Bad<ArgumentNullException>("LearningCurvePlot.ReturnLabel", "null", () => Set(plot => plot.ReturnLabel = null!), "ReturnLabel"),
        Bad<ArgumentNullException>("LearningCurvePlot.TargetLabel", "null", () => Set(plot => plot.TargetLabel = null!), "TargetLabel"),
        Bad<InvalidOperationException>("LearningCurvePlot.Target", "NaN", () => Set(plot => plot.Target = double.NaN), "Target is NaN"),
        Bad<ArgumentNullException>("LearningCurveCsv.Write(string, IEnumerable<LearningCurve>)", "no path", () => LearningCurveCsv.Write(null!, []), "path"),
        Bad<ArgumentNullException>("LearningCurveCsv.Write(string, IEnumerable<LearningCurve>)", "no curves", () => LearningCurveCsv.Write("never.csv", null!), "curves"),
        Bad<ArgumentNullException>("LearningCurveCsv.Write(string, IEnumerable<LearningCurve>)", "a curve that is null", () => LearningCurveCsv.Write("never.csv", [null!]), "curves"),
        Bad<ArgumentException>("LearningCurveCsv.Write(string, IEnumerable<LearningCurve>)", "a name of two lines", () => LearningCurveCsv.Write("never.csv", [new("a\nb", [1], [1])]), "line break"),
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
        Bad<ArgumentException>("SeedAverage.Of(IReadOnlyList<LearningCurve>)", "two algorithms", () => SeedAverage.Of([new("a", [1], [1]), new("b", [1], [1])]), "[a, b]"),
    ];

    private static IEnumerable<TestCaseData> Rows => Table.Select(row => row.ToTest());

    [TestCaseSource(nameof(Rows))]
    public void It_is_refused(object row) => ((BadCase)row).Verify();

    [Test]
    public void Every_public_member_is_in_the_table() => SurfaceCoverage.Verify(
        typeof(LearningCurve).Assembly, Table, new Dictionary<string, string>
        {
            ["LearningCurvePlot.Title"] = "null writes no heading, and any text is one",
            ["SeedAverage.UpTo(double)"] = "any step is good: nothing may lie before it",
            ["PublishedCurve.*"] = "a record of results, which the library makes and only reads out",
        });

    private static LearningCurvePlot Plot()
    {
        var plot = new LearningCurvePlot();
        plot.Add("a", [1, 2], [1, 2]);
        return plot;
    }

    private static IEnumerable<BadCase> Saves(string member, Action<LearningCurvePlot, string, int, int> save) =>
    [
        Bad<ArgumentNullException>(member, "no path", () => save(Plot(), null!, 10, 10), "path"),
        Bad<ArgumentException>(member, "an empty path", () => save(Plot(), "", 10, 10), "path"),
        Bad<ArgumentOutOfRangeException>(member, "no width", () => save(Plot(), "never", 0, 10), "width", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(member, "a negative height", () => save(Plot(), "never", 10, -1), "height", "Actual value was -1"),
        Bad<ArgumentOutOfRangeException>(member, "too wide", () => save(Plot(), "never", int.MaxValue, 10), "width", "2147483647"),
        Bad<InvalidOperationException>(member, "no curve", () => save(new LearningCurvePlot(), "never", 10, 10), "call Add"),
    ];

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
