using System.CommandLine;
using System.Diagnostics;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Dynamics.Adapters;
using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;

namespace MbpoML.Benchmarks.EndToEnd;

/// <summary>
/// The verb <c>bootstrap-learning</c>: the cart-pole's preset, in which LightGbm on bootstrap samples takes the place of the ensemble of networks.
/// </summary>
internal static class BootstrapLearningCommand
{
    public static Command Create()
    {
        var seeds = new Option<int[]>("--seeds") { Description = "One run each.", DefaultValueFactory = _ => [1], AllowMultipleArgumentsPerToken = true };
        var command = new Command("bootstrap-learning", "Learns the continuous cart-pole with a bootstrap ensemble of LightGbm as its model.") { seeds };
        command.SetAction(parsed =>
        {
            Machine.Print();
            var table = new MarkdownTable("seed", "steps", "return of 10 episodes, of 200", "seconds", "seconds of processor time");
            foreach (var seed in parsed.GetValue(seeds)!) table.Add(Run(seed));
            table.Print("Continuous cart-pole, Dynamics.Bootstrap(members: 5) of LightGbm");
            return 0;
        });
        return command;
    }

    private static string[] Run(int seed)
    {
        var (start, before) = (Stopwatch.GetTimestamp(), ProcessorTime());
        var mlContext = new MLContext(seed);
        var rl = mlContext.Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        var preset = MbpoPresets.CartPoleContinuous();
        (preset.Trainer.EvaluationEpisodes, preset.Trainer.Threads) = (0, 1);
        using var policy = rl.Mbpo(
            environment,
            preset.Trainer,
            dynamics: rl.Dynamics.Bootstrap(members: 5, label => LightGbm(mlContext, label)),
            rollouts: rl.Rollouts.Branched(preset.Rollouts),
            policy: rl.Policies.SoftActorCritic(preset.Policy)).Fit();
        var (seconds, processor) = (Stopwatch.GetElapsedTime(start).TotalSeconds, (ProcessorTime() - before).TotalSeconds);
        var result = rl.Evaluate(policy, environment, episodes: 10, seed: 1000 + seed).MeanReturn;
        return [MarkdownTable.Number(seed), MarkdownTable.Number(preset.Trainer.Steps), MarkdownTable.Number(result), MarkdownTable.Number(seconds),
            MarkdownTable.Number(processor)];
    }

    private static TimeSpan ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static LightGbmRegressionTrainer LightGbm(MLContext mlContext, string label) =>
        mlContext.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
        {
            LabelColumnName = label,
            FeatureColumnName = PerOutputRegressionEstimator.FeaturesColumn,
            NumberOfThreads = 1,
            NumberOfIterations = 100,
            MinimumExampleCountPerLeaf = 5,
            Deterministic = true,
            Seed = 1,
        });
}
