using System.Net;
using System.Text.Json;
using MbpoML.Tests.Fakes;
using MbpoML.Training.Metrics;

namespace MbpoML.Tests.Training.Metrics;

/// <summary>What an MLflow server is asked and told. The answers are in the form that its documentation shows; no server is at hand.</summary>
[Category("Text")]
public class MlflowMetricsWriterTests
{
    private static readonly Dictionary<string, double> Some = new() { ["evaluation/return-mean"] = -142.5, ["model/loss"] = double.NaN };

    [Test]
    public void A_run_of_a_new_experiment_is_begun_filled_and_ended()
    {
        using var server = new RecordedMlflow { IsMissing = true };
        using (var writer = new MlflowMetricsWriter(server.Client, "pendulum & co", "seed 1", clock: new SteppedTime()))
        {
            Assert.That(writer.RunId, Is.EqualTo("r7"));
            writer.Write(250, Some);
            writer.Flush();
        }

        Assert.Multiple(() =>
        {
            Assert.That(server.Asked.Select(asked => asked.Path), Is.EqualTo(new[]
            {
                "/api/2.0/mlflow/experiments/get-by-name?experiment_name=pendulum%20%26%20co", "/api/2.0/mlflow/experiments/create",
                "/api/2.0/mlflow/runs/create", "/api/2.0/mlflow/runs/log-batch", "/api/2.0/mlflow/runs/update",
            }));
            Assert.That(server.Asked[1].Content, Is.EqualTo("""{"name":"pendulum \u0026 co"}"""));
            Assert.That(Value(server.Asked[2], "experiment_id").GetString(), Is.EqualTo("42"));
            Assert.That(Value(server.Asked[2], "run_name").GetString(), Is.EqualTo("seed 1"));
            var metrics = Value(server.Asked[3], "metrics").EnumerateArray().ToArray();
            Assert.That(metrics.Select(metric => metric.GetProperty("key").GetString()), Is.EqualTo(Some.Keys));
            Assert.That(metrics[0].GetProperty("value").GetDouble(), Is.EqualTo(-142.5));
            Assert.That(metrics[1].GetProperty("value").GetString(), Is.EqualTo("NaN"));
            Assert.That(metrics.Select(metric => metric.GetProperty("step").GetInt64()), Is.All.EqualTo(250));
            Assert.That(Value(server.Asked[4], "status").GetString(), Is.EqualTo("FINISHED"));
        });
    }

    [Test]
    public void An_experiment_that_is_there_is_taken_and_many_metrics_go_in_parts()
    {
        using var server = new RecordedMlflow();
        using var writer = new MlflowMetricsWriter(server.Client, "pendulum", "run");
        writer.Write(1, Enumerable.Range(0, 2500).ToDictionary(number => $"m{number}", number => (double)number));
        writer.Flush();
        Assert.That(server.Asked.Select(asked => asked.Path), Has.None.Contains("experiments/create"));
        Assert.That(Batches(server).Select(batch => batch.GetArrayLength()), Is.EqualTo(new[] { 1000, 1000, 500 }));
    }

    [TestCase(HttpStatusCode.ServiceUnavailable)]
    [TestCase(null)]
    public void What_a_silent_server_did_not_get_comes_with_the_next_epoch(HttpStatusCode? silence)
    {
        using var server = new RecordedMlflow();
        using var writer = new MlflowMetricsWriter(server.Client, "pendulum", "run");
        server.Fails = () => silence is { } status ? new HttpResponseMessage(status) : throw new HttpRequestException("no route");
        writer.Write(1, Some);
        writer.Flush();
        server.Fails = null;
        server.Asked.Clear();
        writer.Write(2, Some);
        writer.Flush();
        Assert.That(Batches(server).Single().EnumerateArray().Select(metric => metric.GetProperty("step").GetInt64()), Is.EqualTo(new long[] { 1, 1, 2, 2 }));
    }

    [Test]
    public void A_run_that_goes_on_sends_what_the_server_lacks_and_a_new_one_everything()
    {
        EpochMetrics[] history = [new(0, 250, Some), new(1, 500, Some), new(2, 750, Some)];
        Assert.That(StepsAfterResume("r7"), Is.EqualTo(new long[] { 750, 750 }), "the server has steps up to 500");
        Assert.That(StepsAfterResume(null), Is.EqualTo(new long[] { 250, 250, 500, 500, 750, 750 }));

        IEnumerable<long> StepsAfterResume(string? runId)
        {
            using var server = new RecordedMlflow();
            using var writer = new MlflowMetricsWriter(server.Client, "pendulum", "run", runId);
            writer.Resume(history);
            writer.Flush();
            return [.. Batches(server).SelectMany(batch => batch.EnumerateArray()).Select(metric => metric.GetProperty("step").GetInt64())];
        }
    }

    [Test]
    public void A_refusal_says_what_the_server_said_and_another_server_is_told_apart()
    {
        using var server = new RecordedMlflow();
        using var writer = new MlflowMetricsWriter(server.Client, "pendulum", "run");
        server.Fails = () => new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent("INVALID_PARAMETER_VALUE") };
        writer.Write(1, Some);
        Assert.That(writer.Flush, Throws.TypeOf<IOException>().With.Message.Contains("400").And.Message.Contains("INVALID_PARAMETER_VALUE"));
        server.Fails = () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}") };
        Assert.That(() => new MlflowMetricsWriter(server.Client, "pendulum", "run"), Throws.TypeOf<IOException>().With.Message.Contains("none of an MLflow"));
        server.Fails = () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>") };
        Assert.That(() => new MlflowMetricsWriter(server.Client, "pendulum", "run"), Throws.TypeOf<IOException>().With.Message.Contains("no answer"));
        server.Fails = null;
    }

    private static IEnumerable<JsonElement> Batches(RecordedMlflow server) =>
        server.Asked.Where(asked => asked.Path.EndsWith("log-batch", StringComparison.Ordinal)).Select(asked => Value(asked, "metrics"));

    private static JsonElement Value((string Path, string Content) asked, string name) => JsonDocument.Parse(asked.Content).RootElement.GetProperty(name);
}
