using MbpoML.Experiments.Execution;

namespace MbpoML.Experiments.Tests;

/// <summary>A run of a second, which learns nothing worth having.</summary>
internal static class TinyRun
{
    public static RunSpec Spec { get; } = new()
    {
        Task = "Pendulum",
        Seed = 3,
        Assignments =
        [
            "Trainer.Steps=200", "Trainer.InitialExplorationSteps=100", "Trainer.EpochLength=50", "Trainer.ModelTrainingInterval=50",
            "Trainer.UpdatesPerStep=1", "Trainer.EvaluationEpisodes=1", "Trainer.MaxEpisodeSteps=50",
            "Dynamics.MaxOptimizerSteps=10", "Dynamics.HiddenSizes=[16]", "Dynamics.Workers=1", "Rollouts.BatchSize=50", "Policy.HiddenSizes=[16]",
            "Policy.Workers=1",
        ],
    };

    /// <summary>The lines of a run's metrics, without what differs between two equal runs: times.</summary>
    public static string[] Metrics(RunFolder folder) =>
        [.. File.ReadLines(folder.Metrics).Select(line => System.Text.RegularExpressions.Regex.Replace(line, "\"time[^,}]*", ""))];

    /// <summary>The tool as a program that trains a run for another process.</summary>
    public static WorkerProgram Tool { get; } = new(
        "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory.Replace(
                Path.Combine("tests", "MbpoML.Experiments.Tests"), Path.Combine("src", "MbpoML.Tool"), StringComparison.Ordinal), "mbpo.dll"), "work"]);
}
