using MbpoML.Experiments.Reports;
using MbpoML.Experiments.Tasks;
using static MbpoML.Experiments.Tests.Reports.SomeRuns;

namespace MbpoML.Experiments.Tests.Reports;

[Category("Text")]
public class ReturnReportTests
{
    private static readonly PublishedReturns[] Others =
        [Published("mbpo", (10_000, 300), (50_000, 1700), (100_000, 3200)), Published("xqc", (50_000, 2700), (100_000, 2900))];

    [Test]
    public void Evaluations_within_2600_steps_count_and_the_lowest_of_them_is_told()
    {
        var run = Run(1, (2000, 10_000), (3000, 100), (5000, 300), (7000, 500), (8000, 20_000), (12_000, 1));
        Assert.That(Report(Task(null, Others, run)), Does.Contain("\n| 5,000 | 300 (1), lowest 100 |"));
    }

    [Test]
    public void A_fall_of_one_seed_is_not_hidden_by_the_mean_of_all()
    {
        var falls = Run(1, Each1000(3, 3000, 3000, 12, 3000, 3000, 3000));
        var stands = Run(2, Each1000(3, 3000, 3000, 3000, 3000, 3000, 3000));
        Assert.That(Report(Task(null, Others, falls, stands)), Does.Contain("\n| 5,000 | 2,701 ± 423 (2), lowest 12.0 |"));
    }

    [Test]
    public void Rows_are_the_steps_at_which_algorithms_are_compared_and_the_last_of_the_grid()
    {
        var report = Report(Task(null, Others, Run(1, [.. Enumerable.Range(1, 62).Select(epoch => (epoch * 1000L, 1.0))])));
        Assert.That(RowsOf(report), Is.EqualTo(new[] { "5,000", "10,000", "15,000", "20,000", "25,000", "30,000", "40,000", "50,000", "60,000" }));
    }

    [Test]
    public void A_step_that_one_seed_has_not_come_to_is_the_mean_of_the_others()
    {
        var (early, late) = (Run(1, Each1000(4, 1, 2, 3)), Run(2, Each1000(4, 100, 102, 104, 106, 108, 110, 112, 114, 116, 118, 120)));
        Assert.That(Report(Task(null, Others, early, late)), Does.Match(@"\n\| 5,000 \| 52\.5 ± 71\.4 \(2\)\*, lowest 1\.0 ").And
            .Match(@"\n\| 10,000 \| 112 \(1\), lowest 108 "));
    }

    [Test]
    public void Only_the_published_curves_that_are_asked_for_stand_there_in_that_order()
    {
        var task = Task(3000, Others, Run(1, [.. Enumerable.Range(1, 52).Select(epoch => (epoch * 1000L, 1.0))]));
        var report = ReturnReport.ToMarkdown([task], new ReturnReportOptions { Published = ["xqc", "mbpo"] });
        Assert.Multiple(() =>
        {
            Assert.That(report, Does.Contain("| steps | DHMBPO | xqc as published | mbpo as published |"));
            Assert.That(report, Does.Contain("The source of xqc.\nThe source of mbpo."));
            Assert.That(ReturnReport.ToMarkdown([task], new ReturnReportOptions { Published = ["mbpo"] }), Does.Not.Contain("xqc"));
        });
    }

    // A curve that has nothing at the steps of the runs takes no column, but its steps to the threshold are told.
    [Test]
    public void A_curve_that_begins_later_is_in_the_table_of_thresholds_alone()
    {
        var report = Report(Task(2500, Others, Run(1, Each1000(4, 1, 2, 3, 4, 5, 6, 7, 8, 9))));
        Assert.Multiple(() =>
        {
            Assert.That(report, Does.Contain("| steps | DHMBPO | mbpo as published |"));
            Assert.That(report, Does.Contain("| xqc as published | 50,000 (8) | 50.0 | - | - | - |"));
        });
    }

    [Test]
    public void A_return_reached_at_the_first_evaluation_is_reached_there()
    {
        var run = Run(1, Each1000(5, 3000, 3001, 3002, 3003));
        Assert.That(Report(Task(3000, Others, run)), Does.Contain("| DHMBPO | 5,000 (1) | 8.3 | 5,000 | 8.3 | 1 of 1 |"));
    }

    [Test]
    public void A_return_that_is_never_reached_says_until_when()
    {
        var report = Report(Task(3300, Others, Run(1, Each1000(5, 1, 2, 3, 4)), Run(2, Each1000(5, 1, 2, 3))));
        Assert.Multiple(() =>
        {
            Assert.That(report, Does.Contain("| return 3,300 reached | by the mean over seeds, steps | minutes |"));
            Assert.That(report, Does.Contain("| DHMBPO | not by 8,000 | - | not by 8,000 | - | 0 of 2 |"));
            Assert.That(report, Does.Contain("| mbpo as published | not by 100,000 | - | - | - | - |"));
        });
    }

    // Seeds first reach it after 7000, after 9000, and never: the second of the three is the median.
    [Test]
    public void The_median_seed_counts_those_that_never_reach_it_as_last()
    {
        var report = Report(Task(1000, Others, Run(1, Each1000(6, 0, 1000, 0, 0)), Run(2, Each1000(6, 0, 0, 0, 1200)), Run(3, Each1000(6, 0, 0, 0, 0))));
        Assert.That(report, Does.Contain("| DHMBPO | not by 9,000 | - | 9,000 | 15.0 | 2 of 3 |"));
        report = Report(Task(1000, Others, Run(1, Each1000(6, 0, 1000, 0, 0)), Run(2, Each1000(6, 0, 0, 0, 1200))));
        Assert.That(report, Does.Contain("| 8,000 | 13.3 | 2 of 2 |"), "of an even number the mean of the middle two");
        report = Report(Task(1000, Others, Run(1, Each1000(6, 0, 1000, 0, 0)), Run(2, Each1000(6, 0, 0, 0, 0))));
        Assert.That(report, Does.Contain("| not by 9,000 | - | 1 of 2 |"), "half of the seeds is not the median");
    }

    // One evaluation may be luck; the mean over its window is what published curves show.
    [Test]
    public void A_single_high_evaluation_reaches_nothing_by_the_mean()
    {
        var run = Run(1, Each1000(8, 100, 100, 5000, 100, 100, 100, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000));
        Assert.That(Report(Task(3000, Others, run)), Does.Contain("| DHMBPO | 20,000 (1) | 33.3 | 10,000 | 16.7 | 1 of 1 |"));
    }

    [Test]
    public void Time_that_was_not_recorded_is_not_told()
    {
        var untimed = Published("sac", (5000, 100), (10_000, 4000)) with { WallClockSeconds = [] };
        var report = Report(Task(3000, [untimed], Run(1, Each1000(3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10))));
        Assert.Multiple(() =>
        {
            Assert.That(report, Does.Contain("| sac as published | 10,000 (8) | - | - | - | - |"));
            Assert.That(report, Does.Contain("| sac as published | 8 in all | 10,000 | - | - | not recorded |"));
        });
    }

    [Test]
    public void Without_a_threshold_there_is_no_table_of_it() =>
        Assert.That(Report(Task(null, Others, Run(1, Each1000(5, 1, 2, 3)))), Does.Not.Contain("reached"));

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_threshold_that_is_no_number_is_refused(double threshold) =>
        Assert.That(() => Report(Task(threshold, Others, Run(1, (5000, 1)))), Throws.ArgumentException.With.Message.Contains("must be a finite return"));

    // A stranger's label must neither end the place of the report nor begin a cell or a line of its own.
    [Test]
    public void A_hostile_name_stays_in_its_cell()
    {
        var run = Run(1, (1000, 5)) with { Label = "a | b\n<!-- mbpo report: end --> <script>", Task = "x\n# y <b>" };
        var report = ReturnReport.ToMarkdown([new TaskRuns(run.Task, [run], [], 3)]);
        Assert.Multiple(() =>
        {
            Assert.That(report, Does.Contain(@"| steps | a \| b &lt;!-- mbpo report: end --> &lt;script> |"));
            Assert.That(report, Does.StartWith("### x # y &lt;b>\n").And.Not.Contain("<"));
        });
    }

    [TestCase("de-DE")]
    [TestCase("fr-FR")]
    [TestCase("ar-SA")]
    [TestCase("sv-SE")]
    public void A_report_is_the_same_in_every_culture(string culture)
    {
        var task = Task(1000, Others, Run(1, Each1000(4, -1.5, 200.25, 1000.75, 1200)), Run(2, Each1000(4, 1.5, 20.25, 100.75, 120)));
        var expected = MbpoML.Tests.Cultures.Under("", () => Report(task));
        Assert.That(MbpoML.Tests.Cultures.Under(culture, () => Report(task)), Is.EqualTo(expected).And.Contains("1,"));
    }

    private static string Report(TaskRuns task) => ReturnReport.ToMarkdown([task]);

    // The first cells of the first table.
    private static string[] RowsOf(string report) =>
    [
        .. report.Split('\n').SkipWhile(line => !line.StartsWith("| ---", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|')[1].Trim()),
    ];
}
