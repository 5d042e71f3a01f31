using MbpoML.Training.Metrics;
using MbpoML.Tests.Fakes;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Metrics that cannot be written, and files that hold none.</summary>
internal static class MetricsCases
{
    private const string NewMlflow = "MlflowMetricsWriter(HttpClient, string, string, string, TimeProvider)";
    private static readonly Dictionary<string, double> Good = new() { ["a"] = 1 };

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>("JsonLinesMetricsWriter(string, TimeProvider)", "no path", () => _ = new JsonLinesMetricsWriter(null!), "path"),
        Bad<ArgumentException>("JsonLinesMetricsWriter(string, TimeProvider)", "an empty path", () => _ = new JsonLinesMetricsWriter(""), "path"),
        Bad<UnauthorizedAccessException>(
            "JsonLinesMetricsWriter(string, TimeProvider)", "a folder", () => InFolder(folder => new JsonLinesMetricsWriter(folder).Dispose())),
        .. Writes("MlflowMetricsWriter", _ => Mlflow(), -1),
        Bad<ArgumentNullException>(NewMlflow, "no server", () => _ = new MlflowMetricsWriter(null!, "e", "r"), "server"),
        Bad<ArgumentException>(NewMlflow, "no address", () => _ = new MlflowMetricsWriter(new HttpClient(), "e", "r"), "BaseAddress"),
        Bad<ArgumentNullException>(NewMlflow, "no experiment", () => Mlflow(experiment: null!), "experiment"),
        Bad<ArgumentNullException>(NewMlflow, "no run", () => Mlflow(run: null!), "run"),
        Bad<ArgumentException>(NewMlflow, "a blank experiment", () => Mlflow(experiment: " "), "experiment"),
        Bad<ArgumentException>(NewMlflow, "a blank run", () => Mlflow(run: ""), "run"),
        Bad<IOException>(NewMlflow, "a server that refuses", () => Refused(_ => _ = new MlflowMetricsWriter(
            new HttpClient(new RecordedMlflow { Fails = () => new HttpResponseMessage(System.Net.HttpStatusCode.Forbidden) })
            {
                BaseAddress = new Uri("http://mlflow.example/"),
            }, "e", "r")), "403"),
        Bad<IOException>("MlflowMetricsWriter.Flush()", "a server that refuses", () => Refused(writer =>
        {
            writer.Write(1, Good);
            writer.Flush();
        }), "403"),
        .. Writes("JsonLinesMetricsWriter", folder => new JsonLinesMetricsWriter(Path.Combine(folder, "metrics.jsonl")), -1),
        Bad<ArgumentException>("JsonLinesMetricsWriter.Write(long, IReadOnlyDictionary<string, double>)", "a metric called step", () => InFolder(folder =>
        {
            using var writer = new JsonLinesMetricsWriter(Path.Combine(folder, "metrics.jsonl"));
            writer.Write(1, new Dictionary<string, double> { ["step"] = 1 });
        }), "metrics", "\"step\""),
        Bad<IOException>("JsonLinesMetricsWriter.Resume(IReadOnlyList<EpochMetrics>)", "a file that holds other lines", () => InFolder(folder =>
        {
            File.WriteAllText(Path.Combine(folder, "metrics.jsonl"), "notes\n");
            using var writer = new JsonLinesMetricsWriter(Path.Combine(folder, "metrics.jsonl"));
            writer.Resume([]);
        }), "Line 1 of"),
        Bad<ArgumentNullException>("TensorBoardMetricsWriter(string, TimeProvider)", "no folder", () => _ = new TensorBoardMetricsWriter(null!), "folder"),
        Bad<ArgumentException>("TensorBoardMetricsWriter(string, TimeProvider)", "an empty folder", () => _ = new TensorBoardMetricsWriter(""), "folder"),
        Bad<IOException>("TensorBoardMetricsWriter(string, TimeProvider)", "a file", () => InFolder(folder =>
        {
            File.WriteAllText(Path.Combine(folder, "file"), "");
            new TensorBoardMetricsWriter(Path.Combine(folder, "file")).Dispose();
        }), "file"),
        .. Writes("TensorBoardMetricsWriter", folder => new TensorBoardMetricsWriter(folder), -1, int.MaxValue + 1L),
        Bad<ArgumentNullException>("CompositeMetricsWriter(IReadOnlyList<IMetricsWriter>)", "null", () => _ = new CompositeMetricsWriter(null!), "writers"),
        Bad<ArgumentNullException>(
            "CompositeMetricsWriter(IReadOnlyList<IMetricsWriter>)", "a writer that is null", () => _ = new CompositeMetricsWriter([null!]), "writers"),
        .. Writes("CompositeMetricsWriter", folder => new CompositeMetricsWriter(new TensorBoardMetricsWriter(folder)), -1),
        Bad<ArgumentNullException>("MetricsFile.Read(string)", "no path", () => MetricsFile.Read(null!), "path"),
        Bad<FileNotFoundException>("MetricsFile.Read(string)", "no such file", () => MetricsFile.Read("missing.jsonl"), "missing.jsonl"),
        .. new[] { "nonsense", "[]", "{}", "{\"step\":\"one\"}", "{\"step\":1,\"a\":\"b\"}", "{\"step\":1.5}", "{\"step\":1,\"a\":1,\"a\":2}",
            "null" }.Select(line =>
            Bad<FormatException>("MetricsFile.Read(string)", line, () => InFolder(folder =>
            {
                var file = Path.Combine(folder, "metrics.jsonl");
                File.WriteAllText(file, line + "\n");
                MetricsFile.Read(file);
            }), "Line 1 of")),
    ];

    private static MlflowMetricsWriter Mlflow(string experiment = "e", string run = "r") => new(new RecordedMlflow().Client, experiment, run);

    private static void Refused(Action<MlflowMetricsWriter> use)
    {
        using var server = new RecordedMlflow();
        using var writer = new MlflowMetricsWriter(server.Client, "e", "r");
        server.Fails = () => new HttpResponseMessage(System.Net.HttpStatusCode.Forbidden);
        use(writer);
    }

    private static IEnumerable<BadCase> Writes(string type, Func<string, IMetricsWriter> make, params long[] steps)
    {
        void With(Action<IMetricsWriter> use) => InFolder(folder =>
        {
            using var writer = make(folder);
            use(writer);
        });
        var member = $"{type}.Write(long, IReadOnlyDictionary<string, double>)";
        return
        [
            .. steps.Select(step => Bad<ArgumentOutOfRangeException>(
                member, $"step {step}", () => With(writer => writer.Write(step, Good)), "step", $"Actual value was {step}")),
            Bad<ArgumentNullException>(member, "no metrics", () => With(writer => writer.Write(1, null!)), "metrics"),
            Bad<ArgumentNullException>($"{type}.Resume(IReadOnlyList<EpochMetrics>)", "no history", () => With(writer => writer.Resume(null!)), "history"),
        ];
    }

    private static void InFolder(Action<string> use)
    {
        using var folder = new TemporaryFolder();
        use(folder.FullName);
    }
}
