using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MbpoML.Benchmarks.LivePage;

/// <summary>Folders of runs with as many metrics as a real run of double-horizon MBPO writes, and numbers that wander.</summary>
/// <param name="root">Holds the folders.</param>
/// <param name="epochs">Epochs of each run.</param>
internal sealed class ManyRuns(string root, int epochs)
{
    private const int EpochLength = 1000;
    private const int Seeds = 5;

    private static readonly string[] _names =
    [
        "model/train-loss", "model/noise", "model/optimizer-steps", "model/kept-step", "model/training-rows", "model/holdout-rows", "rollout/length",
        "rollout/mean-length", "rollout/terminated-fraction", "rollout/stopped-fraction", "rollout/pool-count", "model/new-rows-loss",
        "evaluation/return-mean", "evaluation/return-std", "evaluation/return-min", "evaluation/return-max", "evaluation/length-mean",
        "model/return-diverged", "model/return-mean", "model/return-excess", "model/return-deviation", "model/return-impossible", "model/exploitation",
        "training/return-mean", "training/episodes", "training/failed-episodes", "training/updates", "policy/q-loss", "policy/q-mean", "policy/q-low",
        "policy/q-high", "policy/imagined-length", "policy/q-gradient-norm", "policy/policy-loss", "policy/alpha", "policy/entropy", "policy/alpha-loss",
        "policy/policy-gradient-norm", "time/environment-seconds", "time/model-seconds", "time/rollout-seconds", "time/policy-seconds",
        "time/evaluation-seconds", "time/total-seconds",
    ];

    /// <summary>The bytes of all metrics.</summary>
    public long Bytes { get; private set; }

    /// <summary>Writes a run: five seeds of each setting.</summary>
    public void Write(int run)
    {
        var folder = Directory.CreateDirectory(Folder(run)).FullName;
        File.WriteAllText(Path.Combine(folder, "options.json"), JsonSerializer.Serialize(new
        {
            task = "Hopper",
            algorithm = "dhmbpo",
            seed = 1 + (run % Seeds),
            Trainer = new { Steps = epochs * EpochLength },
            Policy = new { LearningRate = 1e-4 * (1 + (run / Seeds)), HiddenSizes = new[] { 256, 256 } },
        }));
        File.WriteAllText(Path.Combine(folder, "report.json"), JsonSerializer.Serialize(new
        {
            status = "running",
            wallClockSeconds = 40.0 * epochs,
            sessions = new[] { new { started = DateTimeOffset.UtcNow, machine = new { processor = "CPU", cores = 2 } } },
        }));
        var random = new Random(run);
        var values = new double[_names.Length];
        var text = new StringBuilder();
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            for (var name = 0; name < values.Length; name++) values[name] += random.NextDouble() - 0.45;
            text.Append(Line(epoch * EpochLength, values)).Append('\n');
        }

        File.WriteAllText(Metrics(run), text.ToString());
        Bytes += text.Length;
    }

    /// <summary>Adds an epoch whose return is known.</summary>
    public void Add(int run, int step, double evaluation)
    {
        var values = new double[_names.Length];
        values[Array.IndexOf(_names, "evaluation/return-mean")] = evaluation;
        File.AppendAllText(Metrics(run), Line(step, values) + "\n");
    }

    /// <summary>The step of the epoch after the last one that was written at first.</summary>
    public int NextStep => (epochs + 1) * EpochLength;

    /// <summary>How many settings so many runs have: a curve for each.</summary>
    public static int Settings(int runs) => (runs + Seeds - 1) / Seeds;

    /// <summary>How the page calls a run.</summary>
    public static string Name(int run) => string.Create(CultureInfo.InvariantCulture, $"run-{run:D3}");

    private string Folder(int run) => Path.Combine(root, Name(run));

    private string Metrics(int run) => Path.Combine(Folder(run), "metrics.jsonl");

    private static string Line(int step, double[] values)
    {
        var time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        var metrics = _names.Zip(values, (name, value) => string.Create(CultureInfo.InvariantCulture, $"\"{name}\":{value:R}"));
        return string.Create(CultureInfo.InvariantCulture, $"{{\"step\":{step},\"time\":{time:R},{string.Join(',', metrics)}}}");
    }
}
