using System.Text.Json;
using MbpoML.Training.Metrics;
using Microsoft.ML;

namespace MbpoML.Benchmarks;

/// <summary>What one seed of an experiment gave.</summary>
internal sealed record LearningRun(int Seed, int[] Steps, double[] Returns, double Score, bool Reached, double Seconds)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Trains, or reads back a run that was finished before.</summary>
    public static LearningRun Get(LearningTask task, int seed, string folder, string[] overrides)
    {
        var file = Path.Combine(folder, "run.json");
        if (File.Exists(file)) return JsonSerializer.Deserialize<LearningRun>(File.ReadAllText(file), Json)!;
        Directory.CreateDirectory(folder);
        var run = Train(task, seed, folder, overrides);
        File.WriteAllText(file, JsonSerializer.Serialize(run, Json));
        return run;
    }

    private static LearningRun Train(LearningTask task, int seed, string folder, string[] overrides)
    {
        var metricsFile = Path.Combine(folder, "metrics.jsonl");
        File.Delete(metricsFile);
        var mlContext = new MLContext(seed);
        var rl = mlContext.Reinforcement();
        using var environment = task.Create(rl.Environments);
        using var writer = new JsonLinesMetricsWriter(metricsFile);
        var preset = task.Preset();
        foreach (var assignment in overrides) PresetOverride.Apply(preset, assignment);
        preset.Trainer.Threads = 1;
        preset.Trainer.MetricsWriters = [writer];
        var report = rl.Mbpo(environment, preset).Train();
        using var policy = report.Policy;
        mlContext.Model.Save(policy, policy.InputSchema, Path.Combine(folder, "policy.zip"));
        var metrics = rl.Evaluate(policy, environment, LearningTask.EvaluationEpisodes, seed: 1000 + seed);
        var evaluated = report.History.Where(epoch => epoch.EvaluationReturn is not null).ToArray();
        return new LearningRun(
            seed,
            [.. evaluated.Select(epoch => epoch.Step)],
            [.. evaluated.Select(epoch => epoch.EvaluationReturn!.Value)],
            task.Score(metrics),
            task.Reached(metrics),
            report.Elapsed.TotalSeconds);
    }
}
