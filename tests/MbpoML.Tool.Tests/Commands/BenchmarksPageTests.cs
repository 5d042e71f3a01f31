using MbpoML.Experiments.Reports;
using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

/// <summary>The report on docs/benchmarks.md is that of the curves in docs/curves, and anyone can make it again.</summary>
[Category("Text")]
public class BenchmarksPageTests
{
    private const string Command = "    mbpo report ";
    private const long MostBytes = 8 * 1024;

    private static readonly string Page = File.ReadAllText(Repository.At("docs", "benchmarks.md"));

    [Test]
    public void The_page_s_own_command_changes_nothing()
    {
        Assert.That(Page, Does.Contain("\n    mbpo report docs/curves --into docs/benchmarks.md --pictures docs/images\n"));
        using var folder = new TemporaryFolder();
        var page = folder["docs", "benchmarks.md"];
        Directory.CreateDirectory(folder["docs"]);
        File.WriteAllText(page, Page);
        var result = ToolResult.Of("report", Repository.At("docs", "curves"), "--into", page, "--pictures", folder["docs", "images"]);
        Assert.Multiple(() =>
        {
            Assert.That((result.Code, result.Errors), Is.EqualTo((0, "")));
            // The commands name the places of the curves, which here are whole paths.
            Assert.That(WithoutCommands(File.ReadAllText(page)), Is.EqualTo(WithoutCommands(Page)));
            foreach (var table in Directory.GetFiles(folder["docs", "images"], "*.csv"))
                Assert.That(File.ReadAllText(table), Is.EqualTo(File.ReadAllText(Repository.At("docs", "images", Path.GetFileName(table)))), table);
        });
    }

    [Test]
    public void The_command_above_a_table_prints_that_table()
    {
        var sections = Sections().ToArray();
        Assert.That(sections, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (var (command, tables) in sections)
            {
                string[] arguments = [.. command.Split(' ').Select(word => word.StartsWith("docs/", StringComparison.Ordinal) ? Repository.At(word) : word)];
                var printed = ToolResult.Of(["report", .. arguments]).Output.Split('\n').Where(line => line.StartsWith('|'));
                Assert.That(printed, Is.EqualTo(tables), command);
            }
        });
    }

    [Test]
    public void Curves_are_small_and_lie_where_they_are_written()
    {
        var files = Directory.GetFiles(Repository.At("docs", "curves"), "*", SearchOption.AllDirectories);
        Assert.That(files, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (var file in files)
            {
                var run = CurveFile.Read(file);
                Assert.That(new FileInfo(file).Length, Is.LessThan(MostBytes), file);
                Assert.That(Path.GetFileName(file), Is.EqualTo($"seed-{run.Seed}.csv"), file);
                Assert.That(Path.GetFileName(Path.GetDirectoryName(file)), Is.EqualTo(run.Task), file);
            }
        });
    }

    // Of each task the arguments of the command and the lines of the tables below it.
    private static IEnumerable<(string Command, string[] Tables)> Sections()
    {
        var report = Page[Page.IndexOf(ReturnReport.Begin, StringComparison.Ordinal)..Page.IndexOf(ReturnReport.End, StringComparison.Ordinal)];
        foreach (var section in report.Split("\n### ")[1..])
        {
            var lines = section.Split('\n');
            var command = lines.Single(line => line.StartsWith(Command, StringComparison.Ordinal));
            yield return (command[Command.Length..], [.. lines.Where(line => line.StartsWith('|'))]);
        }
    }

    private static string WithoutCommands(string page) =>
        string.Join('\n', page.Split('\n').Where(line => !line.StartsWith(Command, StringComparison.Ordinal)));
}
