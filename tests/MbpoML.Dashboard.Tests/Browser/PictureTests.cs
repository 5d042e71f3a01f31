using System.Globalization;
using System.Text.RegularExpressions;
using MbpoML.Dashboard.Tests.Web;
using Microsoft.Playwright;

namespace MbpoML.Dashboard.Tests.Browser;

/// <summary>What is drawn without curves is saved as a picture too.</summary>
public partial class PictureTests
{
    // Pixels whose colour is as near as rounding leaves it.
    private const string Count = """
        async ([picture, color]) => {
            const image = new Image();
            image.src = `data:image/png;base64,${picture}`;
            await image.decode();
            const context = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height }).getContext("2d");
            context.drawImage(image, 0, 0);
            const pixels = context.getImageData(0, 0, image.width, image.height).data;
            let count = 0;
            for (let at = 0; at < pixels.length; at += 4) if (color.every((value, index) => Math.abs(pixels[at + index] - value) <= 2)) count++;
            return count;
        }
        """;

    [Test]
    public async Task The_bars_of_the_stages_are_saved_in_their_colours_and_lengths()
    {
        await using var site = await OpenSite.StartAsync(runs => PlantedRuns.Write(runs, "run"));
        await using var open = await ChromiumOfTests.OpenAsync();
        await open.GoAsync(site.Server.Address);
        var picture = await open.SavedAsync(open.Page.GetByRole(AriaRole.Button, new() { Name = "PNG of the stage times" }));
        var bar = await CountAsync("#time .stack .model") + await CountAsync("#time .stack .policy") + await CountAsync("#time .stack .other");
        Assert.Multiple(async () =>
        {
            Assert.That(bar, Is.GreaterThan(5000));
            Assert.That(await CountAsync("#time .stack .model") / bar, Is.EqualTo(0.5).Within(0.03));
            Assert.That(await CountAsync("#time .stack .policy") / bar, Is.EqualTo(0.25).Within(0.03));
        });
        open.MustHaveNoErrors();

        async Task<double> CountAsync(string piece)
        {
            var color = await open.Page.EvaluateAsync<string>($"getComputedStyle(document.querySelector('{piece}')).backgroundColor");
            return await PixelsAsync(open.Page, picture, Channels(color));
        }
    }

    [Test]
    public async Task The_trials_of_a_study_are_saved_as_they_are_shown()
    {
        await using var site = await OpenSite.StartAsync(runs => PlantedRuns.WriteStudy(runs, "study"));
        await using var open = await ChromiumOfTests.OpenAsync();
        await open.GoAsync(site.Server.Address);
        var button = open.Page.GetByRole(AriaRole.Button, new() { Name = "PNG of the trials" });
        // Trial 3 was stopped early: its broken line is thinner than a pixel and a half.
        var whole = await open.Page.Locator("#studies polyline:not(.pruned)")
            .EvaluateAllAsync<string[]>("lines => lines.map(line => line.getAttribute('stroke'))");
        Assert.That(whole, Has.Length.EqualTo(3));
        var all = await open.SavedAsync(button);
        await open.Page.Locator("#studies select").SelectOptionAsync("best");
        var best = await open.Page.Locator("#studies polyline").GetAttributeAsync("stroke");
        var few = await open.SavedAsync(button);
        Assert.Multiple(async () =>
        {
            foreach (var stroke in whole)
            {
                Assert.That(await PixelsAsync(open.Page, all, OnWhite(stroke)), Is.GreaterThan(100), stroke);
                // Where the edge of a line lies on a text, a pixel may have any colour.
                Assert.That(await PixelsAsync(open.Page, few, OnWhite(stroke)), stroke == best ? Is.GreaterThan(100) : Is.LessThan(20), stroke);
            }
        });
        open.MustHaveNoErrors();
    }

    private static Task<int> PixelsAsync(IPage page, byte[] picture, int[] color) =>
        page.EvaluateAsync<int>(Count, new object[] { Convert.ToBase64String(picture), color });

    private static int[] Channels(string color) => [.. Numbers().Matches(color).Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture))];

    // Lines let a little of the card through.
    private static int[] OnWhite(string stroke) => [.. Channels(stroke).Select(value => (int)Math.Round((0.85 * value) + (0.15 * 255)))];

    [GeneratedRegex(@"\d+")]
    private static partial Regex Numbers();
}
