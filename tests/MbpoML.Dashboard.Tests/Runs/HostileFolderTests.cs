using System.Text;
using MbpoML.Dashboard.Files;
using MbpoML.Dashboard.Runs;
using MbpoML.Tests;

namespace MbpoML.Dashboard.Tests.Runs;

/// <summary>Whatever lies in a run folder, the page shows what can be read of it.</summary>
[Category("Text")]
public class HostileFolderTests
{
    [TestCase("")]
    [TestCase("null")]
    [TestCase("[1, 2]")]
    [TestCase("{\"task\": {\"a\": {\"b\": 1}}, \"seed\": [], \"algorithm\": null, \"Trainer\": {\"Steps\": \"many\"}}")]
    [TestCase("{\"task\":")]
    [TestCase("{\"task\":\"\\ud800\"}")]
    public void Options_of_any_kind_give_a_run(string text)
    {
        using var folder = new TemporaryFolder();
        var run = PlantedRuns.Write(folder.FullName, "run");
        File.WriteAllText(Path.Combine(run, "options.json"), text.Length == 0 ? " " : text);
        var summary = Open(folder).Summary;
        Assert.Multiple(() =>
        {
            Assert.That(summary.Epochs, Is.EqualTo(5));
            Assert.That(summary.Status, Is.EqualTo("running"));
            Assert.That(summary.PlannedSteps, Is.Null);
        });
    }

    [Test]
    public void Deep_nesting_many_options_and_long_texts_are_cut()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 500)) + "1" + new string('}', 500);
        var many = $"{{{string.Join(',', Enumerable.Range(0, 5000).Select(index => $"\"o{index}\":1"))}}}";
        var longest = $"{{\"a\":\"{new string('x', 100_000)}\"}}";
        Assert.Multiple(() =>
        {
            Assert.That(Read(deep), Is.Empty);
            Assert.That(Read(many), Has.Count.EqualTo(2000));
            Assert.That(Read(longest)["a"], Has.Length.EqualTo(301));
        });
    }

    [Test]
    public void Options_are_read_by_their_paths_with_lists_on_one_line()
    {
        var options = Read("{\"task\":\"Pendulum\",\"Policy\":{\"HiddenSizes\":[\n64,\n64],\"Rule\":null,\"Fast\":true,\"Inner\":{\"Rate\":1e-3}}}");
        Assert.That(options, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["task"] = "Pendulum",
            ["Policy.HiddenSizes"] = "[64, 64]",
            ["Policy.Rule"] = "null",
            ["Policy.Fast"] = "true",
            ["Policy.Inner.Rate"] = "1e-3",
        }));
    }

    [TestCase("{\"status\":\"<b>\",\"wallClockSeconds\":1e999}", "unknown")]
    [TestCase("{\"status\":\"failed\",\"failure\":7,\"sessions\":[{\"started\":\"yesterday\"}]}", "failed")]
    [TestCase("{\"status\":\"finished\",\"sessions\":[]}", "finished")]
    [TestCase("{\"status\":1,\"sessions\":{}}", "unknown")]
    [TestCase("[]", "unknown")]
    [TestCase("{", "unknown")]
    public void Reports_of_any_kind_give_a_status(string text, string status) =>
        Assert.That(ReportContent.Read(Encoding.UTF8.GetBytes(text)).Status, Is.EqualTo(status));

    [Test]
    public void Only_pictures_and_films_that_are_files_are_shown()
    {
        using var folder = new TemporaryFolder();
        var run = PlantedRuns.Write(folder.FullName, "run");
        Directory.CreateDirectory(Path.Combine(run, "films"));
        Directory.CreateDirectory(Path.Combine(run, "folder.gif"));
        File.WriteAllText(Path.Combine(run, "episode.gif"), "GIF89a");
        File.WriteAllText(Path.Combine(run, "films", "late.webm"), "x");
        foreach (var other in new[] { "page.html", "drawing.svg", "policy.zip" }) File.WriteAllText(Path.Combine(run, other), "x");
        File.WriteAllText(Path.Combine(run, "empty.gif"), "");
        File.WriteAllText(folder["secret.gif"], "x");
        File.CreateSymbolicLink(Path.Combine(run, "link.gif"), folder["secret.gif"]);
        Assert.That(Open(folder).Films.Select(film => (film.Name, film.ContentType)),
            Is.EqualTo(new[] { ("episode.gif", "image/gif"), ("films/late.webm", "video/webm") }));
    }

    [Test]
    public void A_run_without_anything_but_options_is_shown()
    {
        using var folder = new TemporaryFolder();
        var run = PlantedRuns.Write(folder.FullName, "run", epochs: 0);
        File.Delete(Path.Combine(run, "report.json"));
        Assert.That(Open(folder).Summary, Has.Property("Status").EqualTo("unknown").And.Property("LastReturn").Null.And.Property("LastTime").Null);
    }

    [Test]
    public void A_run_says_how_far_and_how_fast_it_is()
    {
        using var folder = new TemporaryFolder();
        PlantedRuns.Write(folder.FullName, "run");
        Assert.Multiple(() =>
        {
            var summary = Open(folder).Summary;
            Assert.That((summary.Steps, summary.PlannedSteps, summary.Seed, summary.LastReturn), Is.EqualTo((500L, 1000L, "1", 6.0)));
            Assert.That(summary.Rate, Is.EqualTo(10).Within(1e-9), "100 steps in 10 seconds");
            Assert.That(summary.Started, Is.EqualTo(1_767_323_045));
            Assert.That(summary.Machine, Is.EqualTo("CPU, 2 cores"));
        });
    }

    private static IReadOnlyDictionary<string, string> Read(string text) => OptionList.Read(Encoding.UTF8.GetBytes(text));

    private static WatchedRun Open(TemporaryFolder folder) =>
        new(FolderSearch.In([folder.FullName], 10).Found.Single(), new DashboardOptions { Paths = [folder.FullName] }, new ValueBudget(1000));
}
