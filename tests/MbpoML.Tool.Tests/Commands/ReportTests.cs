using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

[Category("Text")]
public class ReportTests
{
    [Test]
    public void A_report_is_printed()
    {
        var result = ToolResult.Of("report", TrainedRun.Folder, "--every", "100");
        Assert.That(result.Output, Does.Contain("### Pendulum").And.Match(@"\| 200 \| -[\d,.]+ \(1\) \|")
            .And.Match(@"\| MBPO \(9 options changed\) \| 1 \| 300 \| 0\.00 \| \d+ \| .*cores, TorchSharp"));
    }

    [Test]
    public void The_part_of_a_page_between_the_marks_is_replaced_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var page = folder["docs", "page.md"];
        Directory.CreateDirectory(folder["docs"]);
        File.WriteAllText(page, "before\n<!-- mbpo report: begin -->\nold\n<!-- mbpo report: end -->\nafter\n");
        var (first, second) = (ToolResult.Of("report", TrainedRun.Folder, "--into", page, "--pictures", folder["docs", "images"]), File.ReadAllText(page));
        ToolResult.Of("report", TrainedRun.Folder, "--into", page, "--pictures", folder["docs", "images"]);
        Assert.Multiple(() =>
        {
            Assert.That(first.Code, Is.Zero, first.Errors);
            Assert.That(second, Does.StartWith("before\n<!-- mbpo report: begin -->\n").And.EndWith("<!-- mbpo report: end -->\nafter\n")
                .And.Contain("](images/pendulum.png)").And.Not.Contain("old"));
            Assert.That(File.Exists(folder["docs", "images", "pendulum.png"]));
            Assert.That(File.ReadAllText(page), Is.EqualTo(second), "a second time changes nothing");
        });
    }

    [Test]
    public void A_page_without_the_marks_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["page.md"], "text");
        var result = ToolResult.Of("report", TrainedRun.Folder, "--into", folder["page.md"]);
        Assert.That((result.Code, File.ReadAllText(folder["page.md"])), Is.EqualTo((ExitCodes.BadArguments, "text")));
    }

    [Test]
    public void Rows_are_those_of_the_published_curves_with_their_window()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["run"], "Hopper", 1, (2000, 1000), (3000, 100), (7000, 300), (8000, 1000), (11_000, 50));
        Assert.That(ToolResult.Of("report", folder["run"]).Output,
            Does.Contain("| 5,000 | 200 (1) | - | 96.0 ").And.Match(@"\| 10,000 \| 525 \(1\) \| 327").And.Not.Contain("| 2,500 |"));
    }

    // After 5000 random steps the first evaluation follows at 6000, and belongs to no step before it.
    [Test]
    public void A_step_before_the_first_evaluation_has_no_row()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["run"], "Hopper", 1, (6000, 60), (7000, 70), (8000, 80), (9000, 90), (10_000, 100), (11_000, 110), (12_000, 120));
        Assert.That(ToolResult.Of("report", folder["run"]).Output, Does.Contain("| 10,000 | 100 (1) |").And.Not.Contain("\n| 5,000 |"));
    }

    // Rows reach 2600 steps to either side.
    [Test]
    public void A_mean_over_one_side_of_its_step_is_marked()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["ends", "seed-1"], "Hopper", 1, [.. Enumerable.Range(3, 8).Select(epoch => (1000 * epoch, 10.0 * epoch))]);
        RecordedEvaluations.Write(folder["goes-on", "seed-1"], "Hopper", 1, [.. Enumerable.Range(3, 10).Select(epoch => (1000 * epoch, 10.0 * epoch))]);
        RecordedEvaluations.Write(folder["begins", "seed-1"], "Hopper", 1, [.. Enumerable.Range(4, 9).Select(epoch => (1000 * epoch, 10.0 * epoch))]);
        Assert.Multiple(() =>
        {
            Assert.That(ToolResult.Of("report", folder["ends"]).Output,
                Does.Contain("| 5,000 | 50.0 (1) |").And.Contain("| 10,000 | 90.0 (1)* |").And.Contain("*: a run begins or ends within that distance"));
            Assert.That(ToolResult.Of("report", folder["goes-on"]).Output, Does.Contain("| 5,000 | 50.0 (1) |").And.Contain("| 10,000 | 100 (1) |"),
                "the next would be at 13,000");
            Assert.That(ToolResult.Of("report", folder["begins"]).Output, Does.Contain("| 5,000 | 55.0 (1)* |"), "one at 3000 would count");
        });
    }

    [Test]
    public void A_run_that_ends_before_the_first_published_value_has_rows_of_its_own()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["run"], "Hopper", 1, (1000, 10), (2000, 20), (3000, 30));
        Assert.That(ToolResult.Of("report", folder["run"]).Output, Does.Contain("| 1,000 | 10.0 (1) |").And.Contain("| 3,000 | 30.0 (1) |"));
    }
}
