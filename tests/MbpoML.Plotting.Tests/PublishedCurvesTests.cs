namespace MbpoML.Plotting.Tests;

public class PublishedCurvesTests
{
    [Test]
    public void There_are_the_five_tasks_with_legs() =>
        Assert.That(PublishedCurves.Tasks, Is.EqualTo(new[] { "Ant", "HalfCheetah", "Hopper", "Humanoid", "Walker2d" }));

    [TestCaseSource(typeof(PublishedCurves), nameof(PublishedCurves.Tasks))]
    public void Each_task_has_whole_curves_of_five_algorithms(string task)
    {
        var curves = PublishedCurves.Of(task);
        Assert.Multiple(() =>
        {
            Assert.That(curves.Select(curve => curve.Average.Algorithm), Is.EqualTo(new[] { "MBPO", "MACURA", "DHMBPO", "SAC", "TD-MPC2" }));
            foreach (var (average, seconds) in curves)
            {
                Assert.That(average.Runs, Is.EqualTo(average.Algorithm is "MBPO" or "SAC" ? 5 : 8), average.Algorithm);
                Assert.That(seconds, Has.Count.EqualTo(average.Steps.Count).And.Ordered.And.All.GreaterThanOrEqualTo(0), average.Algorithm);
                Assert.That(average.Steps[^1], Is.GreaterThanOrEqualTo(125_000), average.Algorithm);
            }
        });
    }

    // What the table of the source says, so that no column is taken for another.
    [Test]
    public void Hopper_begins_as_published()
    {
        var (average, seconds) = PublishedCurves.Of("Hopper")[0];
        Assert.That((average.Steps[0], average.Mean[0], average.StandardDeviation[0], seconds[0]), Is.EqualTo((10_000.0, 327.4, 165.6, 1258.0)));
    }

    // MBPO's raw files begin with a test return after 6,000 steps or so: what stood at 5,000 was the mean of the next two.
    [TestCaseSource(typeof(PublishedCurves), nameof(PublishedCurves.Tasks))]
    public void No_curve_begins_before_its_first_evaluation(string task) =>
        Assert.That(PublishedCurves.Of(task).Select(curve => curve.Average.Steps[0]), Is.EqualTo(new[] { 10_000.0, 5000, 5000, 5000, 10_000 }));

    [Test]
    public void The_source_tells_what_was_observed_in_ant_and_humanoid() =>
        Assert.That(PublishedCurves.Source, Does.Contain("truncated observations of 27 and 45 numbers"));

    [TestCaseSource(typeof(PublishedCurves), nameof(PublishedCurves.Tasks))]
    public void A_table_is_read_whatever_its_lines_end_with(string task)
    {
        var table = PublishedCurves.Table(task)!.ReplaceLineEndings("\n");
        var (unix, windows) = (PublishedCurves.Parse(table), PublishedCurves.Parse(table.ReplaceLineEndings("\r\n")));
        Assert.That(windows.Select(Numbers), Is.EqualTo(unix.Select(Numbers)));
        Assert.That(unix, Has.Count.EqualTo(5));

        static object[] Numbers(PublishedCurve curve) =>
            [curve.Average.Algorithm, curve.Average.Runs, curve.Average.Steps, curve.Average.Mean, curve.Average.StandardDeviation, curve.WallClockSeconds];
    }

    [Test]
    public void Another_task_is_refused() =>
        Assert.That(() => PublishedCurves.Of("Pendulum"),
            Throws.ArgumentException.With.Message.Contains("there are of Ant, HalfCheetah, Hopper, Humanoid, Walker2d"));
}
