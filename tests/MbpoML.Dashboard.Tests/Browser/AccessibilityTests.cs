using Deque.AxeCore.Commons;
using MbpoML.Dashboard.Tests.Web;
using Microsoft.Playwright;
using Newtonsoft.Json;

namespace MbpoML.Dashboard.Tests.Browser;

public class AccessibilityTests
{
    private static readonly string[] _grave = ["serious", "critical"];

    // What depends on colours and on the width of the screen is looked at twice, the rest once.
    private static readonly RunOnlyOptions _looks =
        new() { Type = "rule", Values = ["color-contrast", "target-size", "scrollable-region-focusable", "meta-viewport", "link-in-text-block"] };

    [Test]
    public async Task Nothing_serious_is_found_in_light_and_dark_and_nothing_is_wider_than_a_phone()
    {
        await using var site = await OpenSite.StartAsync(runs =>
        {
            var run = PlantedRuns.Write(runs, "a-run-with-quite-a-long-name-that-does-not-fit/seed-1", status: "failed");
            File.WriteAllBytes(Path.Combine(run, "dot.gif"), Convert.FromBase64String("R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="));
            PlantedRuns.Write(runs, "other", learningRate: 0.01);
            PlantedRuns.WriteStudy(runs, "study");
        });
        await using var open = await ChromiumOfTests.OpenAsync();
        await open.GoAsync(site.Server.Address);
        await open.UntilCurvesAsync("returns");
        await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach((part) => part.open = true)");
        Assert.That(await GraveAsync(open.Page, null), Is.Empty);

        await open.Page.SetViewportSizeAsync(360, 740);
        await open.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await open.UntilAsync("document.querySelector('#returns .card canvas').clientWidth < 360");
        Assert.Multiple(async () =>
        {
            Assert.That(await GraveAsync(open.Page, _looks), Is.Empty);
            Assert.That(await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(360));
        });
        open.MustHaveNoErrors();
    }

    // axe runs inside the page: the way of its package opens a second one for the frames that this page does not have.
    private static async Task<string[]> GraveAsync(IPage page, RunOnlyOptions? rules)
    {
        await page.EvaluateAsync(new BundledAxeScriptProvider().GetScript());
        var options = new AxeRunOptions { ResultTypes = [ResultType.Violations], RunOnly = rules };
        var found = await page.EvaluateAsync<string>(
            "(options) => axe.run(document, JSON.parse(options)).then((result) => JSON.stringify(result.violations))", JsonConvert.SerializeObject(options));
        return [.. JsonConvert.DeserializeObject<AxeResultItem[]>(found)!.Where(one => _grave.Contains(one.Impact))
            .Select(one => $"{one.Id}: {one.Help} {string.Join(" | ", one.Nodes.Take(5).Select(node => node.Html))}")];
    }
}
