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
}
