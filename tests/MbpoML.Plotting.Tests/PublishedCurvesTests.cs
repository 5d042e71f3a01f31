namespace MbpoML.Plotting.Tests;

public class PublishedCurvesTests
{
    [Test]
    public void There_are_the_five_tasks_with_legs() =>
        Assert.That(PublishedCurves.Tasks, Is.EqualTo(new[] { "Ant", "HalfCheetah", "Hopper", "Humanoid", "Walker2d" }));

    [TestCaseSource(typeof(PublishedCurves), nameof(PublishedCurves.Tasks))]
    public void Each_task_has_a_whole_curve_of_every_algorithm(string task)
    {
        var curves = PublishedCurves.Of(task);
        Assert.Multiple(() =>
        {
            Assert.That(curves.Select(curve => curve.Algorithm), Is.EqualTo(PublishedCurves.Algorithms));
            foreach (var (algorithm, average, seconds) in curves)
            {
                Assert.That(average.Runs, Is.EqualTo(Seeds(task, algorithm.Name)), algorithm.Name);
                Assert.That(seconds, Has.Count.EqualTo(algorithm.Name is "sac" or "crossq" or "simbav2" or "xqc" ? 0 : average.Steps.Count), algorithm.Name);
                Assert.That(seconds, Is.Ordered.And.All.GreaterThanOrEqualTo(0), algorithm.Name);
                Assert.That(average.Steps[^1], Is.InRange(125_000, 500_000), algorithm.Name);
            }
        });

        static int Seeds(string task, string name) => name switch
        {
            "mbpo" or "sac-erl" => 5,
            "dhmbpo-utd2" => task is "Hopper" or "Walker2d" ? 8 : 5,
            "sac" or "crossq" or "simbav2" or "xqc" => 10,
            _ => 8,
        };
    }

    // A table of a user's own may name them on the command line.
    [Test]
    public void Names_are_short_and_each_is_there_once() => Assert.That(
        PublishedCurves.Algorithms.Select(algorithm => algorithm.Name),
        Is.EqualTo(new[] { "mbpo", "macura", "dhmbpo", "dhmbpo-utd2", "sac", "crossq", "simbav2", "xqc", "tdmpc2", "sac-erl" }));

    // The steps at which algorithms are compared, of the sources that evaluate there.
    [TestCase("Hopper", "dhmbpo", 100_000, 3398.9)]
    [TestCase("Hopper", "dhmbpo-utd2", 30_000, 3258.9)]
    [TestCase("Hopper", "crossq", 100_000, 2866.7)]
    [TestCase("Hopper", "simbav2", 100_000, 2821.1)]
    [TestCase("Hopper", "xqc", 300_000, 3579.9)]
    [TestCase("Hopper", "sac", 100_000, 1103.4)]
    [TestCase("Walker2d", "macura", 100_000, 4236.1)]
    public void A_value_is_that_of_its_source(string task, string name, double step, double expected)
    {
        var average = PublishedCurves.Of(task).Single(curve => curve.Algorithm.Name == name).Average;
        Assert.That(average.Mean[average.Steps.ToList().IndexOf(step)], Is.EqualTo(expected));
    }

    // What the table of the source says, so that no column is taken for another.
    [Test]
    public void Hopper_begins_as_published()
    {
        var (_, average, seconds) = PublishedCurves.Of("Hopper")[0];
        Assert.That((average.Steps[0], average.Mean[0], average.StandardDeviation[0], seconds[0]), Is.EqualTo((10_000.0, 327.4, 165.6, 1258.0)));
    }

    // MBPO's raw files begin with a test return after 6,000 steps or so: what stood at 5,000 was the mean of the next two.
    [TestCaseSource(typeof(PublishedCurves), nameof(PublishedCurves.Tasks))]
    public void No_curve_begins_before_its_first_evaluation(string task) =>
        Assert.That(PublishedCurves.Of(task).Select(curve => curve.Average.Steps[0]),
            Is.EqualTo(new[] { 10_000.0, 5000, 5000, 5000, 16_700, 5000, 50_000, 50_000, 10_000, 5000 }));

    [Test]
    public void The_sources_tell_what_was_observed_in_ant_and_humanoid_and_whose_the_results_are() => Assert.Multiple(() =>
    {
        Assert.That(SourceOf("mbpo").Sentence, Does.Contain("truncated observations of 27 and 45 numbers"));
        Assert.That(SourceOf("simbav2").Sentence, Does.Contain("observations of 376 numbers"));
        foreach (var source in PublishedCurves.Algorithms.Select(algorithm => algorithm.Source))
        {
            Assert.That(source.Sentence, Does.Contain(source.Repository.Split(',')[0]));
            Assert.That(source.Licence, Does.StartWith("MIT").Or.StartWith("Apache License 2.0"));
        }
    });

    private static PublishedSource SourceOf(string name) => PublishedCurves.Algorithms.Single(algorithm => algorithm.Name == name).Source;

    [TestCaseSource(typeof(PublishedCurves), nameof(PublishedCurves.Tasks))]
    public void A_table_is_read_whatever_its_lines_end_with(string task)
    {
        var table = PublishedCurves.Table(task)!.ReplaceLineEndings("\n");
        var (unix, windows) = (PublishedCurves.Parse(table), PublishedCurves.Parse(table.ReplaceLineEndings("\r\n")));
        Assert.That(windows.Select(Numbers), Is.EqualTo(unix.Select(Numbers)));
        Assert.That(unix, Has.Count.EqualTo(PublishedCurves.Algorithms.Count));

        static object[] Numbers(PublishedCurve curve) =>
            [curve.Average.Algorithm, curve.Average.Runs, curve.Average.Steps, curve.Average.Mean, curve.Average.StandardDeviation, curve.WallClockSeconds];
    }

    [Test]
    public void Another_task_is_refused() =>
        Assert.That(() => PublishedCurves.Of("Pendulum"),
            Throws.ArgumentException.With.Message.Contains("there are of Ant, HalfCheetah, Hopper, Humanoid, Walker2d"));
}
