using System.Net;
using MbpoML.Dashboard.Web;
using MbpoML.Tests;

namespace MbpoML.Dashboard.Tests.Web;

public class GateTests
{
    private const string Token = "a-token-of-the-test-1234";

    [TestCase("localhost", true)]
    [TestCase("LOCALHOST", true)]
    [TestCase("127.0.0.1", true)]
    [TestCase("[::1]", true)]
    [TestCase("192.168.1.7", true)]
    [TestCase("mine.example.org", true)]
    [TestCase("evil.example.org", false)]
    [TestCase("localhost.evil.example.org", false)]
    [TestCase("127.0.0.1.evil.example.org", false)]
    [TestCase("", false)]
    public void Only_addresses_and_own_names_are_names_of_the_server(string host, bool isOwn) =>
        Assert.That(new Gate(["mine.example.org"], null).IsOwnName(host), Is.EqualTo(isOwn));

    [Test]
    public async Task A_site_that_points_its_own_name_here_gets_nothing()
    {
        await using var site = await OpenSite.StartAsync();
        var answer = await site.GetAsync("/api/state", ("Host", "evil.example.org:8765"));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.MisdirectedRequest));
    }

    [TestCase("/api/state", "cross-site", 403)]
    [TestCase("/api/series?metric=a", "same-site", 403)]
    [TestCase("/page.js", "cross-site", 403)]
    [TestCase("/", "cross-site", 200)]
    [TestCase("/api/state", "same-origin", 200)]
    [TestCase("/api/state", "none", 200)]
    public async Task Other_sites_can_link_to_the_page_and_fetch_nothing(string path, string site, int status)
    {
        await using var server = await OpenSite.StartAsync();
        Assert.That((int)(await server.GetAsync(path, ("Sec-Fetch-Site", site))).StatusCode, Is.EqualTo(status));
    }

    [TestCase("POST")]
    [TestCase("PUT")]
    [TestCase("DELETE")]
    [TestCase("OPTIONS")]
    public async Task Nothing_but_reading_is_answered(string method)
    {
        await using var site = await OpenSite.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/state");
        Assert.That((await site.Client.SendAsync(request)).StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    [TestCase("/")]
    [TestCase("/page.js")]
    [TestCase("/api/state")]
    [TestCase("/api/series?metric=a")]
    [TestCase("/api/events")]
    [TestCase("/api/film?run=a&number=0")]
    [TestCase("/offline.html")]
    public async Task Without_the_token_there_is_nothing(string path)
    {
        await using var site = await OpenSite.StartAsync(token: Token);
        Assert.Multiple(async () =>
        {
            Assert.That((await site.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That((await site.GetAsync(path, ("Authorization", $"Bearer {Token}x"))).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That((await site.GetAsync(path, ("Authorization", "Bearer "))).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            var cookie = $"mbpo-dashboard-{site.Server.Address.Port}={Token}";
            Assert.That((await site.GetAsync(path, ("Cookie", cookie))).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        });
    }

    [Test]
    public async Task The_token_opens_as_a_header()
    {
        await using var site = await OpenSite.StartAsync(token: Token);
        Assert.That((await site.GetAsync("/api/state", ("Authorization", $"Bearer {Token}"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_token_in_the_address_becomes_a_cookie_that_scripts_and_other_sites_do_not_get()
    {
        await using var site = await OpenSite.StartAsync(token: Token);
        var entered = await site.GetAsync($"/?token={Token}");
        var cookie = entered.Headers.GetValues("Set-Cookie").Single();
        var seen = await site.GetAsync("/api/state", ("Cookie", cookie.Split(';')[0]));
        var wrong = await site.GetAsync($"/?token={Token}x");
        Assert.Multiple(() =>
        {
            Assert.That((entered.StatusCode, entered.Headers.Location!.ToString()), Is.EqualTo((HttpStatusCode.Redirect, "/")));
            Assert.That(cookie, Does.Contain("httponly").IgnoreCase.And.Contain("samesite=strict").IgnoreCase.And.Not.Contain(Token));
            Assert.That(seen.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((wrong.StatusCode, wrong.Headers.Contains("Set-Cookie")), Is.EqualTo((HttpStatusCode.Unauthorized, false)));
        });
    }

    [Test]
    public async Task A_server_that_others_reach_asks_for_a_token_of_its_own_making()
    {
        using var folder = new TemporaryFolder();
        var options = new DashboardOptions { Paths = [folder.FullName], Bind = "0.0.0.0", Port = 0 };
        await using var first = await DashboardServer.StartAsync(options);
        await using var second = await DashboardServer.StartAsync(options);
        Assert.Multiple(() =>
        {
            Assert.That(first.Token, Does.Match("^[0-9a-f]{64}$").And.Not.EqualTo(second.Token));
            Assert.That(first.AddressToOpen.Query, Is.EqualTo($"?token={first.Token}"));
            Assert.That(first.AddressToOpen.Host, Is.EqualTo(Dns.GetHostName()).IgnoreCase);
        });
        using var client = new HttpClient();
        Assert.That((await client.GetAsync($"http://127.0.0.1:{first.Address.Port}/api/state")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task This_machine_alone_needs_no_token_and_is_all_that_is_listened_to()
    {
        await using var site = await OpenSite.StartAsync();
        Assert.Multiple(() =>
        {
            Assert.That(site.Server.Token, Is.Null);
            Assert.That(site.Server.Address.Host, Is.EqualTo("127.0.0.1"));
        });
    }
}
