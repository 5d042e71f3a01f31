// The unchanged loop of MBPO with other models in place of the ensemble: trees of ML.NET, and a network of one's own on TorchSharp.
//
//     dotnet run -c Release --project samples/CustomDynamics [-- trees|network] [--steps 3000] [--set Option=Value ...]
using System.Globalization;
using CustomDynamics;
using MbpoML;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;

var steps = args.SkipWhile(argument => argument != "--steps").Skip(1).FirstOrDefault() is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : 3000;
string[] all = ["trees", "network"];
string[] named = [.. all.Intersect(args)];
foreach (var model in named.Length > 0 ? named : all)
{
    var mlContext = new MLContext(seed: 1);
    var rl = mlContext.Reinforcement();
    using var environment = rl.Environments.CartPoleContinuous();
    var preset = MbpoPresets.CartPoleContinuous();
    (preset.Trainer.Steps, preset.Trainer.Progress) = (steps, Progress.Console());
    foreach (var assignment in args.SkipWhile(argument => argument != "--set").Skip(1)) preset.Set(assignment);

    // The other two stages stay those of the preset.
    var (rollouts, policies) = (rl.Rollouts.Branched(preset.Rollouts), rl.Policies.SoftActorCritic(preset.Policy));
    var trainer = model == "network"
        ? rl.Mbpo(environment, preset.Trainer, new NetworkDynamics(), rollouts, policies)
        : rl.Mbpo(environment, preset.Trainer, rl.Dynamics.Bootstrap(members: 5, Trees), rollouts, policies);
    using var policy = trainer.Fit();
    Console.WriteLine($"{model}: {rl.Evaluate(policy, environment, episodes: 10)}");

    // One thread a regression, because the members are fitted side by side.
    IEstimator<ITransformer> Trees(string label) => mlContext.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
    {
        LabelColumnName = label,
        FeatureColumnName = "Features",
        NumberOfThreads = 1,
        MinimumExampleCountPerLeaf = 5,
        Seed = 1,
    });
}
