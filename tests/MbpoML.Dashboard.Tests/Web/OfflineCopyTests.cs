using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MbpoML.Dashboard.Web;
using MbpoML.Tests;

namespace MbpoML.Dashboard.Tests.Web;

[Category("Text")]
public partial class OfflineCopyTests
{
    private const string Hostile = "a</script><script>alert(1)</script><!--";

    [Test]
    public async Task The_file_holds_everything_and_no_text_of_a_run_ends_its_element()
    {
        using var folder = new TemporaryFolder();
        var run = PlantedRuns.Write(folder["runs"], "run", epochs: 3);
        File.WriteAllText(Path.Combine(run, "episode.gif"), "GIF89a");
        File.WriteAllText(Path.Combine(run, "options.json"), $"{{\"task\":\"Pendulum\",\"label\":\"{Hostile}\"}}");
        PlantedRuns.WriteStudy(folder["runs"], "study");
        Assert.That(await OfflineCopy.WriteAsync(folder["copy.html"], new DashboardOptions { Paths = [folder["runs"]] }), Is.EqualTo(1));
        var page = File.ReadAllText(folder["copy.html"]);
        var data = JsonNode.Parse(Data().Match(page).Groups[1].Value)!;
        var id = data["state"]!["runs"]![0]!["id"]!.GetValue<string>();
        Assert.Multiple(() =>
        {
            Assert.That(data["state"]!["runs"]![0]!["label"]!.GetValue<string>(), Is.EqualTo(Hostile));
            Assert.That(data["state"]!["studies"]![0]!["trials"]!.AsArray(), Has.Count.EqualTo(4));
            Assert.That(data["series"]!["evaluation/return-mean"]![id]!["values"]!.ToJsonString(), Is.EqualTo("[2,3,4]"));
            Assert.That(data["films"]![id]![0]!.GetValue<string>(), Is.EqualTo("data:image/gif;base64,R0lGODlh"));
            Assert.That(Scripts().Count(page), Is.EqualTo(2), "the scripts and the data");
            Assert.That(page, Does.Not.Contain("src=\"").And.Not.Contain("rel=\"stylesheet\""), "nothing beside it");
        });
    }

    // The policy of the copy names the scripts by the hashes of exactly what stands in it.
    [Test]
    public void No_file_of_the_page_ends_its_own_element() =>
        Assert.Multiple(() =>
        {
            Assert.That(PageFile.Scripts.Text, Does.Not.Contain("</script").And.Not.Contain("<!--"));
            Assert.That(PageFile.Styles.Text, Does.Not.Contain("</style"));
            Assert.That(PageFile.Scripts.Text + PageFile.Styles.Text, Does.Not.Contain("\r"));
        });

    [Test]
    public void The_library_for_curves_is_the_one_whose_licence_is_packed()
    {
        Assert.That(PageFile.Scripts.Text, Does.StartWith("/*! https://github.com/leeoniya/uPlot (v1.6.32) */"));
    }

    [GeneratedRegex("<script type=\"application/json\" id=\"offline-data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();

    [GeneratedRegex("</script", RegexOptions.IgnoreCase)]
    private static partial Regex Scripts();
}
