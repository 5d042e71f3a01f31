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
            .And.Match(@"\| MBPO \(9 options changed\) \| 1 \| 300 \| 0\.00 \| \d+ \| .*cores?, TorchSharp"));
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
            Does.Contain("| 5,000 | 200 (1), lowest 100 | - | 445 ± 124 (8) |").And.Match(@"\| 10,000 \| 525 \(1\), lowest 50\.0 \| 327").And
                .Not.Contain("| 2,500 |"));
    }

    // After 5000 random steps the first evaluation follows at 6000, and belongs to no step before it.
    [Test]
    public void A_step_before_the_first_evaluation_has_no_row()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["run"], "Hopper", 1, (6000, 60), (7000, 70), (8000, 80), (9000, 90), (10_000, 100), (11_000, 110), (12_000, 120));
        Assert.That(ToolResult.Of("report", folder["run"]).Output, Does.Contain("| 10,000 | 100 (1), lowest 80.0 |").And.Not.Contain("\n| 5,000 |"));
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
                Does.Contain("| 5,000 | 50.0 (1), lowest 30.0 |").And.Contain("| 10,000 | 90.0 (1)*, lowest 80.0 |").And
                    .Contain("*: a run begins or ends within the window"));
            Assert.That(ToolResult.Of("report", folder["goes-on"]).Output,
                Does.Contain("| 5,000 | 50.0 (1), lowest 30.0 |").And.Contain("| 10,000 | 100 (1), lowest 80.0 |"), "the next would be at 13,000");
            Assert.That(ToolResult.Of("report", folder["begins"]).Output, Does.Contain("| 5,000 | 55.0 (1)*, lowest 40.0 |"), "one at 3000 would count");
        });
    }

    [Test]
    public void A_run_that_ends_before_the_first_published_value_has_rows_of_its_own()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["run"], "Hopper", 1, (1000, 10), (2000, 20), (3000, 30));
        Assert.That(ToolResult.Of("report", folder["run"]).Output, Does.Contain("| 1,000 | 10.0 (1) |").And.Contain("| 3,000 | 30.0 (1) |"));
    }

    // Of an epoch of 1000 steps each.
    private static void Write(string folder, int seed, int epochs, Func<int, double> returnOf) =>
        RecordedEvaluations.Write(folder, "Hopper", seed, [.. Enumerable.Range(1, epochs).Select(epoch => (1000 * epoch, returnOf(epoch)))]);

    [Test]
    public void A_report_of_curve_files_is_that_of_their_runs()
    {
        using var folder = new TemporaryFolder();
        foreach (var seed in new[] { 1, 2 }) Write(folder["runs", $"seed-{seed}"], seed, 35, epoch => 50.5 * epoch / seed);
        var ofRuns = ToolResult.Of("report", folder["runs"], "--curves", folder["curves"]);
        var ofCurves = ToolResult.Of("report", folder["curves"]);
        Assert.Multiple(() =>
        {
            Assert.That((ofRuns.Code, ofRuns.Errors.Trim()), Is.EqualTo((0, $"wrote 2 curves to {folder["curves"]}")));
            Assert.That(File.Exists(folder["curves", "mbpo", "Hopper", "seed-2.csv"]));
            Assert.That(ofCurves.Output.Replace(folder["curves", "mbpo", "Hopper"], folder["runs"], StringComparison.Ordinal), Is.EqualTo(ofRuns.Output));
        });
    }

    [Test]
    public void The_command_above_a_table_makes_it_again()
    {
        using var folder = new TemporaryFolder();
        Write(folder["run", "seed-1"], 1, 12, epoch => 10 * epoch);
        var output = ToolResult.Of("report", folder["run"], "--every", "2500", "--threshold", "100", "--published", "MACURA, dhmbpo").Output;
        string[] command = ["report", folder["run"].Replace('\\', '/'), "--every", "2500", "--published", "macura,dhmbpo", "--threshold", "100"];
        Assert.That(output, Does.Contain($"\n    mbpo {string.Join(' ', command)}\n"));
        Assert.That(ToolResult.Of(command).Output, Is.EqualTo(output));
    }

    [Test]
    public void Published_curves_are_chosen_for_tables_and_pictures()
    {
        using var folder = new TemporaryFolder();
        Write(folder["run"], 1, 55, epoch => 10 * epoch);
        var all = ToolResult.Of("report", folder["run"], "--pictures", folder["all"]).Output;
        var chosen = ToolResult.Of("report", folder["run"], "--pictures", folder["chosen"], "--published", "xqc,macura").Output;
        Assert.Multiple(() =>
        {
            Assert.That(all, Does.Contain("| steps | MBPO | mbpo as published | macura as published | dhmbpo as published | dhmbpo-utd2 as published | " +
                "sac as published | crossq as published | simbav2 as published | xqc as published |"));
            Assert.That(chosen, Does.Contain("| steps | MBPO | xqc as published | macura as published |").And.Not.Contain("crossq"));
            Assert.That(Drawn(folder["all", "hopper.csv"]), Is.EqualTo(
                new[] { "MBPO", "MBPO as published", "MACURA as published", "DHMBPO as published", "\"DHMBPO, 2 updates a step as published\"" }));
            Assert.That(Drawn(folder["chosen", "hopper.csv"]), Is.EqualTo(new[] { "MBPO", "XQC as published", "MACURA as published" }));
        });

        // Four numbers stand behind the name.
        static string[] Drawn(string table) => [.. File.ReadAllLines(table)[1..].Select(line => string.Join(',', line.Split(',')[..^4])).Distinct()];
    }

    [Test]
    public void Steps_and_minutes_to_the_task_s_own_return_stand_beside_the_published()
    {
        using var folder = new TemporaryFolder();
        Write(folder["run"], 1, 25, epoch => epoch < 16 ? 100 : 3100);
        Assert.That(ToolResult.Of("report", folder["run"]).Output, Does.Contain("| return 3,000 reached |").And
            .Contain("| MBPO | 20,000 (1) | 333 | 16,000 | 267 | 1 of 1 |").And.Contain("| mbpo as published | 70,000 (5) | 298 | - | - | - |").And
            .Contain("| dhmbpo as published | 30,000 (8) | 15.3 |").And.Contain("| crossq as published | not by 500,000 | - |"));
    }

    [Test]
    public void Other_tasks_have_a_threshold_where_one_is_given()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["runs", "pendulum"], "Pendulum", 1, (1000, -900), (2000, -150), (3000, -140));
        RecordedEvaluations.Write(folder["runs", "hopper"], "Hopper", 1, (1000, 1), (2000, 2));
        Assert.Multiple(() =>
        {
            Assert.That(ToolResult.Of("report", folder["runs", "pendulum"]).Output, Does.Not.Contain("reached"));
            Assert.That(ToolResult.Of("report", folder["runs", "pendulum"], "--threshold", "-180").Output,
                Does.Contain("| return -180 reached |").And.Contain("| MBPO | 2,000 (1) | 33.3 | 2,000 | 33.3 | 1 of 1 |"));
            Assert.That(ToolResult.Of("report", folder["runs"], "--threshold", "pendulum=-180", "--threshold", "Hopper=1").Output,
                Does.Contain("| return -180 reached |").And.Contain("| return 1.0 reached |"));
            ToolResult.Of("report", folder["runs"], "--threshold", "-180").MustFail(ExitCodes.BadArguments, "the runs are of Hopper, Pendulum: name the task");
            ToolResult.Of("report", folder["runs"], "--threshold", "Pendulm=-180")
                .MustFail(ExitCodes.BadArguments, "There is no run of 'Pendulm'. Did you mean Pendulum?");
            ToolResult.Of("report", folder["runs"], "--threshold", "Hopper=much").MustFail(ExitCodes.BadArguments, "--threshold is 'Hopper=much'");
            ToolResult.Of("report", folder["runs"], "--threshold", "Hopper=NaN").MustFail(ExitCodes.BadArguments, "--threshold is 'Hopper=NaN'");
            ToolResult.Of("report", folder["runs"], "--threshold", "Hopper=1", "--threshold", "hopper=2")
                .MustFail(ExitCodes.BadArguments, "--threshold gives Hopper two returns.");
        });
    }

    [Test]
    public void A_file_of_a_stranger_is_refused_and_neither_page_nor_picture_is_written()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["page.md"], "<!-- mbpo report: begin -->\n<!-- mbpo report: end -->\n");
        File.WriteAllText(folder["curve.csv"], "algorithm,run,step,return\nMBPO,1,250,-142\n");
        var result = ToolResult.Of("report", folder["curve.csv"], "--into", folder["page.md"], "--pictures", folder["images"]);
        result.MustFail(ExitCodes.Failed, "is no curve of a run: it does not begin with the line \"# MbpoML: curve of a run\"");
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(folder["page.md"]), Does.Not.Contain("###"));
            Assert.That(Directory.Exists(folder["images"]), Is.False);
        });
    }

    [Test]
    public void A_label_of_a_stranger_ends_no_report()
    {
        using var folder = new TemporaryFolder();
        RecordedEvaluations.Write(folder["run"], "Hopper", 1, (1000, 1), (2000, 2));
        ToolResult.Of("report", folder["run"], "--curves", folder["curves"]);
        var file = folder["curves", "mbpo", "Hopper", "seed-1.csv"];
        File.WriteAllText(file, File.ReadAllText(file).Replace("# label: MBPO", "# label: x <!-- mbpo report: end -->", StringComparison.Ordinal));
        File.WriteAllText(folder["page.md"], "<!-- mbpo report: begin -->\n<!-- mbpo report: end -->\nafter\n");
        ToolResult.Of("report", file, "--into", folder["page.md"]);
        var once = File.ReadAllText(folder["page.md"]);
        ToolResult.Of("report", file, "--into", folder["page.md"]);
        Assert.That(File.ReadAllText(folder["page.md"]), Is.EqualTo(once).And.Contains("x &lt;!-- mbpo report: end -->"));
    }
}
