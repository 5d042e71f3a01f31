using System.CommandLine;
using MbpoML.Training;
using Microsoft.ML;
using static System.FormattableString;

namespace MbpoML.Benchmarks.Offline;

/// <summary>The command <c>dmsd</c>: learns from the published logs of NeoRL-2's double mass-spring-damper, and runs what was learned in its
/// simulator.</summary>
internal static class DmsdCommand
{
    // Published final returns (NeoRL-2, task_reward.csv).
    private static readonly Dictionary<string, double> Published = new() { ["bc"] = 564, ["td3bc"] = 522, ["mopo"] = 589, ["mobile"] = 558 };

    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = "The folder of DMSD-high-100000-train.npz.",
            Required = true,
        };
        var algorithms = new Option<string[]>("--algorithms")
        {
            Description = "Some of bc, td3bc, iql, mopo, morel, mobile.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => ["bc", "td3bc", "iql", "mopo", "mobile"],
        };
        var seeds = new Option<int[]>("--seeds") { AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 2, 3, 4, 5] };
        var set = new Option<string[]>("--set") { AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var known = new Option<bool>("--known-reward") { Description = "Methods with a model know the reward, and need not learn it." };
        var output = new Option<string>("--out")
        {
            Description = "Has a folder with checkpoints and policy.zip for each fit: what was stopped goes on, and what had ended is only measured again.",
            DefaultValueFactory = _ => "dmsd",
        };
        var command = new Command("dmsd", "Offline learning from the published logs of DMSD; final policies, no choice by their returns.")
        {
            data, algorithms, seeds, set, known, output,
        };
        command.SetAction(parsed =>
        {
            var log = DmsdLog.Read(parsed.GetValue(data)!);
            foreach (var algorithm in parsed.GetValue(algorithms)!)
                Run(log, algorithm, parsed.GetValue(seeds)!, parsed.GetValue(set)!, parsed.GetValue(known), parsed.GetValue(output)!);
        });
        return command;
    }

    private static void Run(IDataView log, string algorithm, int[] seeds, string[] set, bool isKnown, string folder)
    {
        var returns = new List<double>();
        foreach (var seed in seeds)
        {
            var ml = new MLContext(seed);
            var run = new DmsdRun(algorithm, seed, set, isKnown);
            var own = run.Folder(folder);
            run.Preset.Options.Checkpoints = new Checkpointing { Folder = own, Every = TimeSpan.FromMinutes(2), Keep = 1 };
            var report = ml.Reinforcement().Offline.Trainer(run.Preset).Train(log);
            using var policy = report.Policy;
            ml.Model.Save(policy, policy.InputSchema, Path.Combine(own, "policy.zip"));
            using var environment = new DmsdEnvironment();
            returns.Add(ml.Reinforcement().Evaluate(policy, environment, episodes: 100, seed: 1000 + seed).MeanReturn);
            Console.WriteLine(Invariant($"{algorithm} seed {seed}: return {returns[^1]:F1} in {report.Elapsed.TotalSeconds:F0} s"));
        }

        var mean = returns.Average();
        var deviation = Math.Sqrt(returns.Average(one => (one - mean) * (one - mean)));
        var known = Published.TryGetValue(algorithm, out var published) ? Invariant($"; published {published}") : "";
        Console.WriteLine(
            Invariant($"{algorithm}: {mean:F1} ± {deviation:F1} over {seeds.Length} seeds, score {DmsdEnvironment.Score(mean):F1}{known}; log 494.5"));
    }
}
