using System.Text.Json;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Benchmarks;

/// <summary>What one seed of an experiment gave.</summary>
internal sealed record LearningRun(int Seed, int[] Steps, double[] Returns, double Score, bool Reached, double Seconds, double ModelSeconds)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>A run that was finished before, or null.</summary>
    public static LearningRun? Read(string folder)
    {
        var file = FileIn(folder);
        return File.Exists(file) ? JsonSerializer.Deserialize<LearningRun>(File.ReadAllText(file), Json) : null;
    }

    /// <summary>Scores what a run left behind, on starts that training did not use.</summary>
    public static LearningRun From(LearningTask task, int seed, TrainingReport report, string folder)
    {
        var mlContext = new MLContext(seed);
        var rl = mlContext.Reinforcement();
        using var environment = task.Create(rl.Environments);
        using var policy = report.Policy;
        mlContext.Model.Save(policy, policy.InputSchema, Path.Combine(folder, "policy.zip"));
        var metrics = rl.Evaluate(policy, environment, LearningTask.EvaluationEpisodes, seed: 1000 + seed);
        var evaluated = report.History.Where(epoch => epoch.EvaluationReturn is not null).ToArray();
        var run = new LearningRun(
            seed,
            [.. evaluated.Select(epoch => epoch.Step)],
            [.. evaluated.Select(epoch => epoch.EvaluationReturn!.Value)],
            task.Score(metrics),
            task.Reached(metrics),
            report.Elapsed.TotalSeconds,
            report.History[^1].Values[MetricNames.ModelSeconds]);
        File.WriteAllText(FileIn(folder), JsonSerializer.Serialize(run, Json));
        return run;
    }

    private static string FileIn(string folder) => Path.Combine(folder, "run.json");
}
