using MbpoML.Dashboard.Tests.Web;
using Microsoft.Playwright;

namespace MbpoML.Dashboard.Tests.Browser;

public class PageTests
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    [Test]
    public async Task Runs_are_shown_followed_filtered_grouped_and_compared()
    {
        await using var site = await OpenSite.StartAsync(runs =>
        {
            foreach (var seed in new[] { 1, 2 }) PlantedRuns.Write(runs, $"slow-{seed}", seed, learningRate: 0.001);
            foreach (var seed in new[] { 1, 2 }) PlantedRuns.Write(runs, $"fast-{seed}", seed, learningRate: 0.01, status: "finished");
            PlantedRuns.Write(runs, Hostile, seed: 3);
        });
        await using var open = await ChromiumOfTests.OpenAsync();
        var page = open.Page;
        await open.GoAsync(site.Server.Address);
        Assert.That(await page.Locator("#runs .name").AllInnerTextsAsync(), Is.EquivalentTo(new[] { "fast-1", "fast-2", "slow-1", "slow-2", Hostile }));
        Assert.That(await page.Locator("#runs img").CountAsync(), Is.Zero, "a name is text");
        Assert.That(
            await page.Locator("#groups .group").AllTextContentsAsync(), Is.EqualTo(new[] { "mbpo, LearningRate 0.0013", "mbpo, LearningRate 0.012" }),
            "with the number of seeds");
        await open.UntilCurvesAsync("returns");

        // A new epoch and a new run come in by themselves.
        PlantedRuns.Add(site.Folder["runs", "slow-1"], 600, 123.25);
        await page.GetByText("return 123.3 at 600").WaitForAsync();
        PlantedRuns.Write(site.Folder["runs"], "late", seed: 4);
        await page.Locator("#runs .name", new() { HasText = "late" }).WaitForAsync();

        await page.FillAsync("#filter", "LearningRate>0.005");
        await open.UntilAsync("document.querySelectorAll('#runs li').length === 2");
        await page.SelectOptionAsync("#group", "runs");
        await open.UntilAsync("document.querySelectorAll('#groups .group').length === 2");
        await page.UncheckAsync("#runs li:first-child input");
        await open.UntilAsync("document.querySelectorAll('#groups .group').length === 1");
        Assert.That(new Uri(page.Url).Fragment, Does.Contain("filter=").And.Contain("group=runs").And.Contain("hidden="), "a link shows the same");

        await page.FillAsync("#filter", "");
        await page.SelectOptionAsync("#run-a", new SelectOptionValue { Label = "fast-1" });
        await page.SelectOptionAsync("#run-b", new SelectOptionValue { Label = "slow-1" });
        await open.UntilAsync("document.querySelectorAll('#options tbody tr').length === 1");
        Assert.That(await page.Locator("#options tbody tr").InnerTextAsync(), Is.EqualTo("Policy.LearningRate\t0.01\t0.001"));
        Assert.That(await page.Locator("#time .stages tbody tr").First.InnerTextAsync(), Does.Contain("50%").And.Contain("25%"), "model and policy");
        open.MustHaveNoErrors();
        Assert.That(open.Requests, Has.All.StartsWith(site.Server.Address.ToString()).Or.All.StartsWith("data:"));
    }

    [Test]
    public async Task A_long_name_stays_in_its_list_and_can_be_read_to_its_end()
    {
        await using var site = await OpenSite.StartAsync(runs => PlantedRuns.Write(runs, "a-study-of-many-settings-of-the-pendulum-trial-024-seed-10001"));
        await using var open = await ChromiumOfTests.OpenAsync();
        await open.GoAsync(site.Server.Address);
        Task<double> Right(string selector) => open.Page.EvaluateAsync<double>($"document.querySelector('{selector}').getBoundingClientRect().right");
        Assert.That(await Right("#runs li"), Is.LessThanOrEqualTo(await Right("#runs")));
        Assert.That(
            await open.Page.EvaluateAsync<bool>("(name => name.scrollWidth <= name.clientWidth)(document.querySelector('#runs .name'))"), Is.True);
        open.MustHaveNoErrors();
    }

    [Test]
    public async Task Curves_are_asked_for_when_they_come_into_sight()
    {
        await using var site = await OpenSite.StartAsync(runs => PlantedRuns.Write(runs, "run"));
        await using var open = await ChromiumOfTests.OpenAsync(height: 500);
        await open.GoAsync(site.Server.Address);
        await open.UntilCurvesAsync("returns");
        bool IsAsked(string metric) => open.Requests.Exists(request => request.EndsWith(Uri.EscapeDataString(metric), StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(IsAsked("evaluation/return-mean"), Is.True);
            Assert.That(IsAsked("rollout/mean-length"), Is.False, "far below");
        });
        await open.Page.Locator("#rollouts .card").First.ScrollIntoViewIfNeededAsync();
        await open.UntilCurvesAsync("rollouts");
        Assert.That(IsAsked("rollout/mean-length"), Is.True);
        // The page asks for everything again a third of a second after a connection that was lost came back; the first one is none of these.
        await Task.Delay(500);
        Assert.That(open.Requests.FindAll(request => request.Contains("/api/series", StringComparison.Ordinal)), Is.Unique);
        open.MustHaveNoErrors();
    }

    [Test]
    public async Task Curves_can_be_read_by_keyboard_and_saved_as_table_and_picture()
    {
        await using var site = await OpenSite.StartAsync(runs =>
        {
            foreach (var seed in new[] { 1, 2, 3 }) PlantedRuns.Write(runs, $"run-{seed}", seed);
        });
        await using var open = await ChromiumOfTests.OpenAsync();
        await open.GoAsync(site.Server.Address);
        await open.UntilCurvesAsync("returns");
        var card = open.Page.Locator("#returns .card").First;
        await card.Locator(".plot").FocusAsync();
        await open.Page.Keyboard.PressAsync("End");
        await open.UntilAsync("document.querySelector('#returns [aria-live]').textContent === '500 steps: mbpo 7'");
        await open.Page.Keyboard.PressAsync("ArrowLeft");
        await open.UntilAsync("document.querySelector('#returns [aria-live]').textContent === '400 steps: mbpo 6'");

        var table = await open.SavedAsync(card.GetByRole(AriaRole.Button, new() { Name = "CSV of Evaluation return" }));
        Assert.That(System.Text.Encoding.UTF8.GetString(table).Split('\n')[..2],
            Is.EqualTo(new[] { "metric,group,steps,mean,low,high,runs", "evaluation return,mbpo,100,3,2,4,3" }));
        var picture = await open.SavedAsync(card.GetByRole(AriaRole.Button, new() { Name = "PNG of Evaluation return" }));
        Assert.That(picture[..8], Is.EqualTo(new byte[] { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a }));
        open.MustHaveNoErrors();
    }

    [Test]
    public async Task A_study_is_a_line_for_each_trial_and_a_table()
    {
        await using var site = await OpenSite.StartAsync(runs => PlantedRuns.WriteStudy(runs, "study"));
        await using var open = await ChromiumOfTests.OpenAsync();
        await open.GoAsync(site.Server.Address);
        var study = open.Page.Locator("#studies");
        Assert.Multiple(async () =>
        {
            Assert.That(await study.Locator("polyline").CountAsync(), Is.EqualTo(4));
            Assert.That(await study.Locator(".axis").CountAsync(), Is.EqualTo(3), "two options and the return");
            Assert.That(await study.Locator("tbody th").AllInnerTextsAsync(), Is.EqualTo(new[] { "0", "1", "2", "3" }), "who came farthest first");
            Assert.That(await study.Locator(".result").InnerTextAsync(), Is.EqualTo("Trial 0 with 2 fresh seeds: -42 ± 2.828."));
        });
        // The lower half of the first axis: trials 0, 1 and 2 lie at 0, 0.25 and 0.5 of it.
        var axis = await study.Locator(".grip").First.BoundingBoxAsync();
        var (x, bottom) = (axis!.X + axis.Width / 2, axis.Y + axis.Height);
        await open.Page.Mouse.MoveAsync(x, bottom - 1);
        await open.Page.Mouse.DownAsync();
        await open.Page.Mouse.MoveAsync(x, bottom - axis.Height * 0.4f);
        await open.Page.Mouse.UpAsync();
        Assert.That(await study.Locator("polyline").CountAsync(), Is.EqualTo(2));
        var csv = study.GetByRole(AriaRole.Button, new() { Name = "CSV of the trials" });
        Assert.That(await SavedTrialsAsync(open, csv), Is.EqualTo(new[] { "trial", "0", "1" }), "those in the range");
        await study.GetByText("Clear ranges").ClickAsync();
        Assert.That(await SavedTrialsAsync(open, csv), Is.EqualTo(new[] { "trial", "0", "1", "2", "3" }));
        await study.Locator("select").SelectOptionAsync("best");
        Assert.That(await study.Locator("polyline").CountAsync(), Is.EqualTo(1));
        Assert.That(await SavedTrialsAsync(open, csv), Is.EqualTo(new[] { "trial", "0" }), "the best quarter");
        open.MustHaveNoErrors();
    }

    // On the first axis trials 0 to 3 lie at 0, 0.25, 0.5 and 0.75.
    [Test]
    public async Task A_range_of_an_axis_is_kept_by_keyboard()
    {
        await using var site = await OpenSite.StartAsync(runs => PlantedRuns.WriteStudy(runs, "study"));
        await using var open = await ChromiumOfTests.OpenAsync();
        await open.GoAsync(site.Server.Address);
        var study = open.Page.Locator("#studies");
        await study.Locator(".grip").First.FocusAsync();
        async Task PressAsync(string keys, int times, string[] kept, string label)
        {
            for (var time = 0; time < times; time++) await open.Page.Keyboard.PressAsync(keys);
            Assert.That(await study.Locator("tbody th").AllInnerTextsAsync(), Is.EqualTo(kept), label);
            Assert.That(
                await open.Page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')"), Is.EqualTo(label), "it stays in focus");
        }

        Assert.That(await study.Locator(".grip").First.GetAttributeAsync("aria-label"), Is.EqualTo("Kept of Policy.LearningRate: all"));
        await PressAsync("ArrowUp", 6, ["2", "3"], "Kept of Policy.LearningRate: from 3.98e-4 to 0.01");
        await PressAsync("Shift+ArrowDown", 6, ["2"], "Kept of Policy.LearningRate: from 3.98e-4 to 0.0025");
        await PressAsync("ArrowDown", 1, ["1", "2"], "Kept of Policy.LearningRate: from 3.16e-4 to 0.0025");
        await PressAsync("Shift+ArrowDown", 20, ["1"], "Kept of Policy.LearningRate: from 3.16e-4 to 3.98e-4");
        await PressAsync("ArrowUp", 1, ["1"], "Kept of Policy.LearningRate: from 3.16e-4 to 3.98e-4");
        await PressAsync("Shift+ArrowUp", 20, ["1", "2", "3"], "Kept of Policy.LearningRate: from 3.16e-4 to 0.01");
        // What comes in draws all anew.
        File.AppendAllText(site.Folder["runs", "study", "journal.jsonl"], """{"event":"closed","trial":1,"status":"pruned"}""" + "\n");
        await open.UntilAsync("document.querySelector('#studies tr[data-trial=\"1\"] td').textContent === 'pruned'");
        await PressAsync("Escape", 1, ["0", "1", "2", "3"], "Kept of Policy.LearningRate: all");
        await open.Page.Keyboard.PressAsync("ArrowUp");
        await PressAsync("Delete", 1, ["0", "1", "2", "3"], "Kept of Policy.LearningRate: all");
        open.MustHaveNoErrors();
    }

    // The first column of the table that a button saves.
    private static async Task<string[]> SavedTrialsAsync(OpenPage open, ILocator button) =>
        [.. System.Text.Encoding.UTF8.GetString(await open.SavedAsync(button)).Trim().Split('\n').Select(line => line.Split(',')[0])];

    [Test]
    public async Task The_token_leaves_the_address_and_the_page_works()
    {
        await using var site = await OpenSite.StartAsync(runs => PlantedRuns.Write(runs, "run"), token: "a-token-of-the-test-1234");
        await using var open = await ChromiumOfTests.OpenAsync();
        await open.GoAsync(site.Server.AddressToOpen);
        Assert.Multiple(async () =>
        {
            Assert.That(open.Page.Url, Is.EqualTo(site.Server.Address.ToString()));
            Assert.That(await open.Page.EvaluateAsync<string>("document.cookie"), Is.Empty);
            Assert.That(await open.Page.Locator("#runs .name").InnerTextAsync(), Is.EqualTo("run"));
        });
        open.MustHaveNoErrors();
    }

    [Test]
    public async Task An_offline_copy_shows_the_same_and_asks_for_nothing()
    {
        await using var site = await OpenSite.StartAsync(runs =>
        {
            var run = PlantedRuns.Write(runs, "run");
            File.WriteAllText(
                Path.Combine(run, "options.json"), "{\"task\":\"Pendulum\",\"label\":\"</script><script>alert(1)</script>\",\"Trainer\":{\"Steps\":1000}}");
            File.WriteAllBytes(Path.Combine(run, "dot.gif"), Convert.FromBase64String("R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="));
        });
        await using var open = await ChromiumOfTests.OpenAsync();
        await open.GoAsync(site.Server.Address);
        await open.Page.SelectOptionAsync("#x", "hours");
        File.WriteAllBytes(site.Folder["copy.html"], await open.SavedAsync(open.Page.Locator("#copy")));
        open.MustHaveNoErrors();
        await using var offline = await ChromiumOfTests.OpenAsync();
        await offline.GoAsync(new Uri(site.Folder["copy.html"]));
        await offline.UntilCurvesAsync("returns");
        await offline.UntilAsync("document.querySelector('#films img') !== null");
        await offline.Page.Locator("#films img").ScrollIntoViewIfNeededAsync();
        await offline.UntilAsync("document.querySelector('#films img').naturalWidth === 1");
        Assert.Multiple(async () =>
        {
            Assert.That(await offline.Page.Locator("#groups .group").TextContentAsync(), Is.EqualTo("</script><script>alert(1)</script>1"));
            Assert.That(await offline.Page.InputValueAsync("#x"), Is.EqualTo("hours"), "what was chosen goes along");
            Assert.That(await offline.Page.Locator("#connection").InnerTextAsync(), Does.StartWith("Offline copy of "));
            Assert.That(
                offline.Requests.Where(url => !url.StartsWith("data:", StringComparison.Ordinal)).ToArray(),
                Has.Length.EqualTo(1).And.All.StartsWith("file:"));
        });
        offline.MustHaveNoErrors();
    }
}
