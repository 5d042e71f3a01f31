using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MbpoML.Numerics;

namespace MbpoML.Training.Metrics;

/// <summary>Sends metrics to an MLflow tracking server, by its REST interface (version 2.0 of the paths), as one run of an experiment.</summary>
/// <remarks>
/// Source: MLflow's documentation of the REST API. It is tested against recorded answers, not against a server. A server that does not answer stops no run:
/// what could not be sent is kept and sent with the next epoch. A server that refuses is an <see cref="IOException"/>, as its answer will not change.
/// </remarks>
public sealed class MlflowMetricsWriter : IMetricsWriter
{
    private const string Api = "api/2.0/mlflow/";
    // What the server takes at once.
    private const int MostAtOnce = 1000;

    private readonly HttpClient _server;
    private readonly TimeProvider _clock;
    private readonly List<Metric> _unsent = [];
    private readonly long _lastStep = -1;
    private bool _isOver;

    /// <summary>Begins a run on the server, or goes on with one.</summary>
    /// <param name="server">A client whose <see cref="HttpClient.BaseAddress"/> is the server, with headers that it asks for. The caller keeps and disposes
    /// it.</param>
    /// <param name="experiment">The name of the experiment, which is made where it is missing.</param>
    /// <param name="run">What the run is called on the server's pages.</param>
    /// <param name="runId">The run to go on with, the <see cref="RunId"/> of an earlier writer; null for a new one.</param>
    /// <param name="clock">Gives the times; the system's clock when null.</param>
    /// <exception cref="ArgumentException">A name is blank, or the client has no address.</exception>
    /// <exception cref="IOException">The server does not answer or refuses, or its answer is none of MLflow.</exception>
    public MlflowMetricsWriter(HttpClient server, string experiment, string run, string? runId = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentException.ThrowIfNullOrWhiteSpace(experiment);
        ArgumentException.ThrowIfNullOrWhiteSpace(run);
        if (server.BaseAddress is null) throw new ArgumentException("The client has no BaseAddress, which must be that of the MLflow server.", nameof(server));
        (_server, _clock) = (server, clock ?? TimeProvider.System);
        if (runId is null)
        {
            RunId = Text(Ask(Post("runs/create", new { experiment_id = Experiment(experiment), run_name = run, start_time = Now })), "run", "info", "run_id");
            return;
        }

        RunId = runId;
        var data = Part(Ask(new HttpRequestMessage(HttpMethod.Get, $"{Api}runs/get?run_id={Uri.EscapeDataString(runId)}")), "run", "data");
        // A run without metrics has no such part.
        if (!data.TryGetProperty("metrics", out var metrics)) return;
        foreach (var metric in metrics.EnumerateArray()) _lastStep = Math.Max(_lastStep, Whole(metric.GetProperty("step")));
    }

    /// <summary>The run's name among all of the server; keep it to go on with the run.</summary>
    public string RunId { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void Write(long step, IReadOnlyDictionary<string, double> metrics)
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        Check.AtLeast(0, step);
        ArgumentNullException.ThrowIfNull(metrics);
        foreach (var (name, value) in metrics) _unsent.Add(new Metric(name, Json(value), Now, step));
    }

    /// <summary>Sends the epochs that the server does not have: all of them for a new run.</summary>
    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void Resume(IReadOnlyList<EpochMetrics> history)
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        ArgumentNullException.ThrowIfNull(history);
        foreach (var epoch in history.Where(epoch => epoch.Step > _lastStep)) Write(epoch.Step, epoch.Values);
    }

    /// <summary>Sends what was not sent yet; what the server does not answer to is kept.</summary>
    /// <exception cref="IOException">The server refuses.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        while (_unsent.Count > 0)
        {
            var sent = _unsent[..Math.Min(MostAtOnce, _unsent.Count)];
            if (!TrySend("runs/log-batch", new { run_id = RunId, metrics = sent })) return;
            _unsent.RemoveRange(0, sent.Count);
        }
    }

    /// <summary>Sends what is left, and says that the run is over. A server that does not answer any more is left as it is.</summary>
    public void Dispose()
    {
        if (_isOver) return;
        try
        {
            Flush();
            TrySend("runs/update", new { run_id = RunId, status = "FINISHED", end_time = Now });
        }
        catch (IOException)
        {
            // Said at an earlier flush, or nothing that the end of a run could mend.
        }

        _isOver = true;
    }

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private string Experiment(string name)
    {
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"{Api}experiments/get-by-name?experiment_name={Uri.EscapeDataString(name)}");
        return Ask(asked, mayBeMissing: true) is { ValueKind: JsonValueKind.Object } found
            ? Text(found, "experiment", "experiment_id") : Text(Ask(Post("experiments/create", new { name })), "experiment_id");
    }

    private static HttpRequestMessage Post(string path, object content) => new(HttpMethod.Post, Api + path) { Content = JsonContent.Create(content) };

    // False where the server did not answer, so that it may be tried again.
    private bool TrySend(string path, object content)
    {
        try
        {
            using var request = Post(path, content);
            using var response = _server.Send(request);
            if ((int)response.StatusCode >= 500) return false;
            if (!response.IsSuccessStatusCode) throw Refused(request, response);
            return true;
        }
        catch (Exception silence) when (silence is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private JsonElement Ask(HttpRequestMessage request, bool mayBeMissing = false)
    {
        using (request)
        {
            try
            {
                using var response = _server.Send(request);
                if (mayBeMissing && response.StatusCode == System.Net.HttpStatusCode.NotFound) return default;
                if (!response.IsSuccessStatusCode) throw Refused(request, response);
                using var reader = new StreamReader(response.Content.ReadAsStream());
                using var answer = JsonDocument.Parse(reader.ReadToEnd());
                return answer.RootElement.Clone();
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or JsonException)
            {
                throw new IOException($"The MLflow server at {_server.BaseAddress} gave no answer to {request.RequestUri}: {fault.Message}", fault);
            }
        }
    }

    private IOException Refused(HttpRequestMessage request, HttpResponseMessage response)
    {
        using var reader = new StreamReader(response.Content.ReadAsStream());
        return new IOException(
            Invariant($"The MLflow server at {_server.BaseAddress} refused {request.RequestUri} with {(int)response.StatusCode}: {reader.ReadToEnd()}"));
    }

    private JsonElement Part(JsonElement answer, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            answer = answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var part)
                ? part : throw new IOException($"The answer of {_server.BaseAddress} is none of an MLflow server: it has no '{name}'.");
        return answer;
    }

    private string Text(JsonElement answer, params ReadOnlySpan<string> path) => Part(answer, path).ToString();

    // Whole numbers of 64 bits come as text.
    private static long Whole(JsonElement number) => long.TryParse(number.ToString(), CultureInfo.InvariantCulture, out var value) ? value : -1;

    private static object Json(double value) => double.IsFinite(value) ? value
        : double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    // As the server calls them, but for the first letter.
    private sealed record Metric(string Key, object Value, long Timestamp, long Step);
}
