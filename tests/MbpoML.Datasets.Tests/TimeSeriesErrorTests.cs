using MbpoML.Data.TimeSeries;
using MbpoML.Data.Views;
using MbpoML.Environments;

namespace MbpoML.Datasets.Tests;

[Category("Text")]
public class TimeSeriesErrorTests
{
    private static IEnumerable<TestCaseData> Wrong =>
    [
        Case("unknown column", options => options.Observations = ["y"], "no column 'y'", "Did you mean", "'x'"),
        Case("text as a number", options => options.Observations = ["label"], "'label'", "must hold numbers"),
        Case("a constant observation", options => options.Observations = ["still"], "'still' is 0 in all rows", "KeepsConstants"),
        Case("a constant action", options => (options.Actions, options.KeepsConstants) = (["still"], true), "'still' is 0", "ActionSpace"),
        Case("a column with two meanings", options => options.Actions = ["x"], "'x' is used as Observations and as Actions"),
        Case("no multiple", options => options.SamplingTime = 2.5, "SamplingTime", "multiple", "2.5"),
        Case("longer than the log", options => options.SamplingTime = 50, "SamplingTime", "no longer than the log"),
        Case("a past longer than the log", options => options.PastActions = 9, "No step is left of 5 rows", "PastActions"),
        Case("an action out of bounds", options => options.ActionSpace = BoxSpace.Uniform(1, 0, 5), "'u' ranges from 0 to 6", "[0, 5]"),
        Case("bounds of another size", options => options.ActionSpace = BoxSpace.Uniform(2, 0, 5), "ActionSpace has 2 dimensions"),
        Case("a reward that is no number", options => (options.RewardColumn, options.Reward) = (null, (o, a, next) => float.NaN), "NaN", "row 0 (time 0)"),
        Case("no reward", options => options.RewardColumn = null, "neither Reward nor RewardColumn"),
    ];

    [TestCaseSource(nameof(Wrong))]
    public void What_is_wrong_is_named(Action<TimeSeriesLog.Options> change, string[] fragments)
    {
        foreach (var culture in new[] { "en-US", "de-DE" })
            Cultures.Under(culture, () =>
            {
                Refused(Log.Ramp(5), change, fragments);
                return 0;
            });
    }

    [TestCase(new[] { 0.0, 1, 1, 2, 3 }, "Row 2 (time 1) has the time of row 1 (time 1)")]
    [TestCase(new[] { 0.0, 1, 3, 2, 4 }, "Row 3 (time 2) comes after row 2 (time 3): times must rise")]
    [TestCase(new[] { 0.0, 1, double.NaN, 2, 4 }, "no time in row 2")]
    public void Times_that_do_not_rise_are_named(double[] times, string message) => Refused(Log.Ramp(5, times), _ => { }, [message]);

    [Test]
    public void Missing_values_are_counted_and_the_first_is_named() => Refused(
        new DenseDataView.Builder().AddDouble("time", [0, 1, 2, 3, 4]).AddDouble("x", [0, 1, double.NaN, 2, double.NaN]).AddDouble("u", [0, 1, 2, 3, 4])
            .AddDouble("r", new double[5]).Build(),
        _ => { }, ["'x' holds NaN in row 2 (time 2)", "2 of 5 rows", "SkipsMissing"]);

    [Test]
    public void Coarse_times_get_advice() => Refused(
        new DenseDataView.Builder().AddScalar("time", [1.7e9f, 1.7e9f]).AddDouble("x", [0, 1]).AddDouble("u", [0, 1]).AddDouble("r", [0, 1]).Build(),
        _ => { }, ["Single holds some seven digits"]);

    [Test]
    public void A_label_that_changes_in_every_row_leaves_nothing() => Refused(
        Log.Ramp(3, episodes: ["a", "b", "c"]), options => options.Episode = "label", ["every row begins another episode"]);

    private static TestCaseData Case(string name, Action<TimeSeriesLog.Options> change, params string[] fragments) =>
        new TestCaseData(change, fragments).SetArgDisplayNames(name);

    private static void Refused(DenseDataView view, Action<TimeSeriesLog.Options> change, string[] fragments)
    {
        var thrown = Assert.Catch<ArgumentException>(() => Log.Of(view, change))!;
        Assert.Multiple(() =>
        {
            foreach (var fragment in fragments) Assert.That(thrown.Message, Does.Contain(fragment));
        });
    }
}
