using System.Net;
using System.Text.Json.Nodes;
using MbpoML.Dashboard.Web;

namespace MbpoML.Dashboard.Tests.Web;

public class AnswersTests
{
    [TestCase("/../../etc/passwd")]
    [TestCase("/%2e%2e/%2e%2e/etc/passwd")]
    [TestCase("/..%2f..%2fetc%2fpasswd")]
    [TestCase("/page.js/../../secret")]
    [TestCase("/api/film?run=../secret&number=0")]
    [TestCase("/api/film?run=RUN&number=../0")]
    [TestCase("/api/film?run=RUN&number=-1")]
    [TestCase("/api/film?run=RUN&number=1")]
    [TestCase("/api/film?run=RUN&number=99999999999")]
    [TestCase("/api/film?run=RUN")]
    [TestCase("/runs/run/options.json")]
    [TestCase("/options.json")]
    public async Task No_request_leads_to_a_file_that_the_server_did_not_offer(string path)
    {
        await using var site = await WithFilmAsync();
        var answer = await site.GetAsync(path.Replace("RUN", await RunOf(site), StringComparison.Ordinal));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_film_is_given_whole_and_in_parts_under_the_type_of_its_name()
    {
        await using var site = await WithFilmAsync();
        var address = $"/api/film?run={await RunOf(site)}&number=0";
        var (whole, part) = (await site.GetAsync(address), await site.GetAsync(address, ("Range", "bytes=3-5")));
        Assert.Multiple(async () =>
        {
            Assert.That((whole.StatusCode, whole.Content.Headers.ContentType!.ToString()), Is.EqualTo((HttpStatusCode.OK, "image/gif")));
            Assert.That(await whole.Content.ReadAsStringAsync(), Is.EqualTo("GIF89a<script>"));
            Assert.That((part.StatusCode, await part.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.PartialContent, "89a")));
        });
    }

    [Test]
    public async Task A_film_that_becomes_a_link_after_it_was_found_is_not_given()
    {
        await using var site = await WithFilmAsync();
        var address = $"/api/film?run={await RunOf(site)}&number=0";
        File.WriteAllText(site.Folder["secret"], "secret");
        File.Delete(site.Folder["runs", "run", "episode.gif"]);
        File.CreateSymbolicLink(site.Folder["runs", "run", "episode.gif"], site.Folder["secret"]);
        Assert.That((await site.GetAsync(address)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("/")]
    [TestCase("/api/state")]
    [TestCase("/page.js")]
    [TestCase("/nothing")]
    [TestCase("/offline.html")]
    public async Task Every_answer_forbids_what_the_page_does_not_need(string path)
    {
        await using var site = await OpenSite.StartAsync();
        var headers = (await site.GetAsync(path)).Headers;
        string Header(string name) => headers.GetValues(name).Single();
        Assert.Multiple(() =>
        {
            Assert.That(Header("Content-Security-Policy"),
                Does.Contain("default-src 'none'").And.Contain("script-src 'self';").And.Contain("frame-ancestors 'none'").And.Not.Contain("unsafe"));
            Assert.That(Header("X-Content-Type-Options"), Is.EqualTo("nosniff"));
            Assert.That(Header("Referrer-Policy"), Is.EqualTo("no-referrer"));
            Assert.That(Header("Cross-Origin-Resource-Policy"), Is.EqualTo("same-origin"));
            Assert.That(Header("Cache-Control"), Is.EqualTo("no-store"));
            Assert.That(headers.Contains("Server"), Is.False);
            Assert.That(headers.Contains("Access-Control-Allow-Origin"), Is.False);
        });
    }

    [Test]
    public async Task The_page_has_no_script_of_its_own_and_loads_from_nowhere_else()
    {
        await using var site = await OpenSite.StartAsync();
        var page = await site.Client.GetStringAsync("/");
        Assert.Multiple(() =>
        {
            Assert.That(page, Does.Not.Match("<script(?![^>]*src=)").And.Not.Contain("<style").And.Not.Contain(" style=").And.Not.Match(" on[a-z]+="));
            Assert.That(page, Does.Not.Contain("http:").And.Not.Contain("https:").And.Not.Contain("//"));
        });
        foreach (var file in new[] { PageFile.Styles, PageFile.Scripts })
            Assert.That((await site.GetAsync($"/{file.Name}")).StatusCode, Is.EqualTo(HttpStatusCode.OK), file.Name);
    }

    [Test]
    public async Task Options_that_all_runs_share_are_told_once()
    {
        await using var site = await OpenSite.StartAsync(runs =>
        {
            PlantedRuns.Write(runs, "a", seed: 1, learningRate: 0.1);
            PlantedRuns.Write(runs, "b", seed: 2, learningRate: 0.2);
        });
        var state = JsonNode.Parse(await site.Client.GetStringAsync("/api/state"))!;
        Assert.Multiple(() =>
        {
            Assert.That(state["shared"]!["Policy.HiddenSizes"]!.GetValue<string>(), Is.EqualTo("[64,64]").Or.EqualTo("[64, 64]"));
            Assert.That(state["options"]!.AsObject().Select(run => run.Value!.ToJsonString()),
                Is.EqualTo(new[] { "{\"seed\":\"1\",\"Policy.LearningRate\":\"0.1\"}", "{\"seed\":\"2\",\"Policy.LearningRate\":\"0.2\"}" }));
        });
    }

    [Test]
    public async Task Curves_are_given_by_run_and_unknown_metrics_give_none()
    {
        await using var site = await OpenSite.StartAsync(runs => PlantedRuns.Write(runs, "a", epochs: 2));
        var series = JsonNode.Parse(await site.Client.GetStringAsync("/api/series?metric=evaluation/return-mean"))!.AsObject();
        Assert.Multiple(async () =>
        {
            Assert.That(series.Single().Value!.ToJsonString(), Is.EqualTo("{\"steps\":[100,200],\"seconds\":[10,20],\"values\":[2,3]}"));
            Assert.That(await site.Client.GetStringAsync("/api/series?metric=%3Cscript%3E"), Is.EqualTo("{}"));
            Assert.That(await site.Client.GetStringAsync("/api/series"), Is.EqualTo("{}"));
        });
    }

    private static Task<OpenSite> WithFilmAsync() => OpenSite.StartAsync(
        runs => File.WriteAllText(Path.Combine(PlantedRuns.Write(runs, "run"), "episode.gif"), "GIF89a<script>"));

    private static async Task<string> RunOf(OpenSite site) =>
        JsonNode.Parse(await site.Client.GetStringAsync("/api/state"))!["runs"]![0]!["id"]!.GetValue<string>();
}
