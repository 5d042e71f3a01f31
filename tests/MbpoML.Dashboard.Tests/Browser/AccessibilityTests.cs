using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using MbpoML.Dashboard.Tests.Web;
using Microsoft.Playwright;

namespace MbpoML.Dashboard.Tests.Browser;

public class AccessibilityTests
{
    private static readonly string[] _grave = ["serious", "critical"];

    [TestCase(1400, 900, ColorScheme.Light)]
    [TestCase(360, 740, ColorScheme.Dark)]
    public async Task Nothing_serious_is_found_and_nothing_is_wider_than_the_screen(int width, int height, ColorScheme colors)
    {
        await using var site = await OpenSite.StartAsync(runs =>
        {
            var run = PlantedRuns.Write(runs, "a-run-with-quite-a-long-name-that-does-not-fit/seed-1", status: "failed");
            File.WriteAllBytes(Path.Combine(run, "dot.gif"), Convert.FromBase64String("R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="));
            PlantedRuns.Write(runs, "other", learningRate: 0.01);
            PlantedRuns.WriteStudy(runs, "study");
        });
        await using var open = await ChromiumOfTests.OpenAsync(width, height, colors);
        await open.GoAsync(site.Server.Address);
        await open.UntilAsync("document.querySelector('#returns .card canvas') !== null");
        await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach((part) => part.open = true)");
        var found = (await open.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] })).Violations.Where(one => _grave.Contains(one.Impact))
            .Select(one => $"{one.Id}: {one.Help} {string.Join(" | ", one.Nodes.Take(5).Select(node => node.Html))}");
        Assert.Multiple(async () =>
        {
            Assert.That(found, Is.Empty);
            Assert.That(await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width));
        });
        open.MustHaveNoErrors();
    }
}
