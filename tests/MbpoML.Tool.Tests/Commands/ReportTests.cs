using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

public class ReportTests
{
    [Test]
    public void A_report_is_printed()
    {
        var result = ToolResult.Of("report", TrainedRun.Folder, "--every", "100");
        Assert.That(result.Output, Does.Contain("### Pendulum").And.Match(@"\| 200 \| -[\d,.]+ \(1\) \|").And.Match(@"\| MBPO \(9 options changed\) \| 1 \| 300 \| 0\.00 \| \d+ \| .*cores, TorchSharp"));
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
            Assert.That(second, Does.StartWith("before\n<!-- mbpo report: begin -->\n").And.EndWith("<!-- mbpo report: end -->\nafter\n").And.Contain("](images/pendulum.png)").And.Not.Contain("old"));
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
        Assert.That(ToolResult.Of("report", folder["run"]).Output, Does.Contain("| 5,000 | 200 (1) | 184").And.Match(@"\| 10,000 \| 525 \(1\) \| 327").And.Not.Contain("| 2,500 |"));
    }

    [Test]
    public void A_run_that_ends_before_the_first_published_value_has_rows_of_its_own()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["run"], "Hopper", 1, (1000, 10), (2000, 20), (3000, 30));
        Assert.That(ToolResult.Of("report", folder["run"]).Output, Does.Contain("| 1,000 | 10.0 (1) |").And.Contain("| 3,000 | 30.0 (1) |"));
    }
}
