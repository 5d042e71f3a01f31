using System.Net;
using System.Net.Http.Json;
using MbpoML.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TrainingService;

namespace MbpoML.Samples.Tests;

/// <summary>The hosted service of samples/TrainingService, by its addresses alone.</summary>
public class TrainingServiceTests
{
    [Test]
    [CancelAfter(120_000)]
    public async Task A_service_that_was_stopped_goes_on_and_serves_the_policy(CancellationToken cancel)
    {
        using var folder = new TemporaryFolder();
        using var client = new HttpClient();
        await using (var first = await Start(folder["run"], cancel))
        {
            await Until(first, status => status is { State: "training", Step: >= 5 });
            await first.StopAsync(cancel);
        }

        Assert.That(Checkpointing.Exists(folder["run"]));
        await using var second = await Start(folder["run"], cancel);
        var status = await Until(second, status => status.State == "trained");
        Assert.That((status.Step, status.PolicyStep), Is.EqualTo((260, 260)));

        using var answer = await client.PostAsJsonAsync(Action(second), new[] { 1f, 0, 0 }, cancel);
        var action = await answer.Content.ReadFromJsonAsync<float[]>(cancel);
        Assert.That(action, Has.Length.EqualTo(1).And.All.InRange(-2f, 2f));
        using var wrong = await client.PostAsJsonAsync(Action(second), new[] { 1f }, cancel);
        Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await wrong.Content.ReadAsStringAsync(cancel), Does.Contain("must have 3"));
        await second.StopAsync(cancel);

        async Task<ServiceStatus> Until(WebApplication app, Func<ServiceStatus, bool> isReached)
        {
            while (true)
            {
                var status = await client.GetFromJsonAsync<ServiceStatus>(new Uri(app.Urls.First() + "/status"), cancel);
                Assert.That(status!.State, Is.Not.EqualTo("failed"));
                if (isReached(status)) return status;
                await Task.Delay(20, cancel);
            }
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Before_the_first_policy_there_is_none_to_act(CancellationToken cancel)
    {
        using var served = new ServedPolicy();
        Assert.That(served.IsReady, Is.False);
        Assert.That(() => served.TryAct([1, 0, 0], out _, out _), Throws.InvalidOperationException.With.Message.Contains("no policy yet"));

        // The addresses alone, without the training.
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning"]);
        builder.Services.AddSingleton(served);
        await using var app = builder.Build();
        ServiceHost.MapAddresses(app);
        await app.StartAsync(cancel);
        using var client = new HttpClient();
        using var answer = await client.PostAsJsonAsync(Action(app), new[] { 1f, 0, 0 }, cancel);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await answer.Content.ReadAsStringAsync(cancel), Does.Contain("Ask again"));
        await app.StopAsync(cancel);
    }

    [TestCase("--steps", "0")]
    [TestCase("--seed", "one")]
    public void A_setting_that_cannot_be_used_is_named(string name, string value) =>
        Assert.That(() => ServiceHost.Build([name, value]), Throws.ArgumentException.With.Message.Contains(name[2..]).And.Message.Contains(value));

    private static Uri Action(WebApplication app) => new(app.Urls.First() + "/action");

    private static async Task<WebApplication> Start(string folder, CancellationToken cancel)
    {
        var app = ServiceHost.Build(["--urls", "http://127.0.0.1:0", "--folder", folder, "--steps", "260", "--Logging:LogLevel:Default", "Warning"]);
        await app.StartAsync(cancel);
        return app;
    }
}
