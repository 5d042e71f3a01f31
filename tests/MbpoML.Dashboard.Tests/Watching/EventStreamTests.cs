using System.Text.Json.Nodes;
using MbpoML.Dashboard.Tests.Web;

namespace MbpoML.Dashboard.Tests.Watching;

public class EventStreamTests
{
    [Test]
    [CancelAfter(20_000)]
    public async Task A_viewer_is_told_of_new_rows_of_a_cut_file_and_of_new_runs(CancellationToken cancellationToken)
    {
        await using var site = await OpenSite.StartAsync(runs => PlantedRuns.Write(runs, "run", epochs: 2));
        var folder = site.Folder["runs", "run"];
        await using var stream = await site.Client.GetStreamAsync("/api/events", cancellationToken);
        using var reader = new StreamReader(stream);
        // As the page does: whoever is greeted asks for what there is, and is told of what comes after it.
        await NextAsync(reader, "hello", cancellationToken);
        var first = JsonNode.Parse(await site.Client.GetStringAsync("/api/state", cancellationToken))!;
        Assert.That(first["runs"]!.AsArray(), Has.Count.EqualTo(1));

        PlantedRuns.Add(folder, 300, 7.5);
        var grown = await NextAsync(reader, "run", cancellationToken);
        PlantedRuns.Write(site.Folder["runs"], "run", epochs: 1);
        var cut = await NextAsync(reader, "run", cancellationToken, change => change["run"]!["epochs"]!.GetValue<int>() == 1);
        PlantedRuns.Write(site.Folder["runs"], "second");
        var more = await NextAsync(reader, "state", cancellationToken, state => state["runs"]!.AsArray().Count == 2);
        Directory.Delete(folder, recursive: true);
        var less = await NextAsync(reader, "state", cancellationToken, state => state["runs"]!.AsArray().Count == 1);
        Assert.Multiple(() =>
        {
            Assert.That(grown["rows"]!.AsArray().Single()!["step"]!.GetValue<int>(), Is.EqualTo(300));
            Assert.That(grown["rows"]![0]!["values"]!["evaluation/return-mean"]!.GetValue<double>(), Is.EqualTo(7.5));
            Assert.That(grown["run"]!["lastReturn"]!.GetValue<double>(), Is.EqualTo(7.5));
            Assert.That(cut["run"]!["generation"]!.GetValue<int>(), Is.GreaterThan(0));
            Assert.That(more["runs"]![1]!["name"]!.GetValue<string>(), Is.EqualTo("second"));
            Assert.That(less["runs"]![0]!["name"]!.GetValue<string>(), Is.EqualTo("second"));
        });
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task The_stream_ends_when_the_server_stops(CancellationToken cancellationToken)
    {
        var site = await OpenSite.StartAsync();
        await using var stream = await site.Client.GetStreamAsync("/api/events", cancellationToken);
        using var reader = new StreamReader(stream);
        await NextAsync(reader, "hello", cancellationToken);
        await site.Server.DisposeAsync();
        try
        {
            while (await reader.ReadLineAsync(cancellationToken) is not null) Assert.That(cancellationToken.IsCancellationRequested, Is.False);
        }
        catch (IOException)
        {
            // The server may also close the connection; either way the browser knows.
        }

        site.Client.Dispose();
        site.Folder.Dispose();
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task More_viewers_than_allowed_are_turned_away(CancellationToken cancellationToken)
    {
        using var folder = new MbpoML.Tests.TemporaryFolder();
        var options = new DashboardOptions { Paths = [folder.FullName], Port = 0, MaxViewers = 1 };
        await using var server = await DashboardServer.StartAsync(options, cancellationToken);
        using var client = new HttpClient { BaseAddress = server.Address };
        using var reader = new StreamReader(await client.GetStreamAsync("/api/events", cancellationToken));
        await NextAsync(reader, "hello", cancellationToken);
        var second = await client.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.That((int)second.StatusCode, Is.EqualTo(503));
    }

    private static async Task<JsonNode> NextAsync(
        StreamReader reader, string kind, CancellationToken cancellationToken, Func<JsonNode, bool>? isWanted = null)
    {
        while (true)
        {
            var line = await reader.ReadLineAsync(cancellationToken) ?? throw new EndOfStreamException($"The stream ended before an event {kind}.");
            if (line != $"event: {kind}") continue;
            var content = JsonNode.Parse((await reader.ReadLineAsync(cancellationToken))!["data: ".Length..])!;
            if (isWanted?.Invoke(content) != false) return content;
        }
    }
}
