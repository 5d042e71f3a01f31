using System.Globalization;
using System.Text.Json;

namespace MbpoML.Dashboard.Tests;

/// <summary>Run folders with known numbers, as runs write them.</summary>
internal static class PlantedRuns
{
    /// <summary>Writes options, report and metrics of a run; returns its folder.</summary>
    public static string Write(
        string root, string name, int seed = 1, double learningRate = 0.001, int epochs = 5, string status = "running", Func<int, double>? returns = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "options.json"), JsonSerializer.Serialize(new
        {
            task = "Pendulum",
            algorithm = "mbpo",
            seed,
            Trainer = new { Steps = 1000 },
            Policy = new { LearningRate = learningRate, HiddenSizes = new[] { 64, 64 } },
        }));
        File.WriteAllText(Path.Combine(folder, "report.json"), JsonSerializer.Serialize(new
        {
            status,
            wallClockSeconds = epochs * 10.5,
            sessions = new[] { new { started = "2026-01-02T03:04:05+00:00", machine = new { processor = "CPU", cores = 2 } } },
        }));
        File.WriteAllText(Metrics(folder), "");
        for (var epoch = 1; epoch <= epochs; epoch++) Add(folder, epoch * 100, returns?.Invoke(epoch) ?? epoch + seed);
        return folder;
    }

    /// <summary>The file of the metrics.</summary>
    public static string Metrics(string folder) => Path.Combine(folder, "metrics.jsonl");

    /// <summary>Adds an epoch to the metrics of a run.</summary>
    public static void Add(string folder, int step, double value) => File.AppendAllText(Metrics(folder), Line(step, value) + "\n");

    /// <summary>A line of metrics.</summary>
    public static string Line(int step, double value)
    {
        var (returns, seconds) = (Text(value), Text(step / 10.0));
        return $"{{\"step\":{Text(step)},\"time\":{Text(1_700_000_000 + step)},\"evaluation/return-mean\":{returns},\"model/return-mean\":{Text(value + 2)}," +
            $"\"model/return-excess\":2,\"rollout/length\":5,\"rollout/mean-length\":4,\"model/holdout-mse\":0.5,\"time/total-seconds\":{seconds}," +
            $"\"time/model-seconds\":{Text(step / 20.0)},\"time/policy-seconds\":{Text(step / 40.0)}}}";
    }

    /// <summary>Writes the journal of a study of two options and four trials, at its end.</summary>
    public static string WriteStudy(string root, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        string[] lines =
        [
            """{"event":"begun","plan":{"task":"Pendulum","algorithm":"mbpo","space":["Policy.LearningRate=0.0001..0.01 log",""" +
                "\"Policy.HiddenSizes=[64]|[128]\"],\"sampler\":\"tpe\",\"trials\":4,\"rungs\":2}}",
            .. Enumerable.Range(0, 4).Select(trial => $$"""{"event":"proposed","trial":{{Text(trial)}},"place":[{{Text(trial / 4.0)}},0.25],""" +
                $"\"assignments\":[\"Policy.LearningRate=0.00{Text(trial)}\",\"Policy.HiddenSizes=[64]\"]}}"),
            .. Enumerable.Range(0, 4).Select(
                trial => $$"""{"event":"reached","trial":{{Text(trial)}},"rung":0,"steps":100,"returns":[1],"value":{{Text(-100.5 * trial)}}}"""),
            """{"event":"closed","trial":3,"status":"pruned"}""",
            """{"event":"reached","trial":0,"rung":1,"steps":300,"returns":[1],"value":-50}""",
            """{"event":"closed","trial":0,"status":"finished"}""",
            """{"event":"winner","trial":0,"seeds":[10001,10002]}""",
            """{"event":"ended","returns":[-40,-44]}""",
        ];
        File.WriteAllText(Path.Combine(folder, "journal.jsonl"), string.Join('\n', lines) + "\n");
        return folder;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
