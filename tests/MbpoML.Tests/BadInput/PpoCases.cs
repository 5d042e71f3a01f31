using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.Ppo;
using MbpoML.Algorithms.Ppo.Presets;
using MbpoML.Environments;
using MbpoML.Saving;
using MbpoML.Tests.Environments;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>PPO with settings, environments and checkpoints that cannot be right.</summary>
internal static class PpoCases
{
    private const string Ppo = "ReinforcementCatalog.Ppo(IEnvironment, PpoTrainer.Options, IPolicyEstimator, IProgress<TrainingProgress>)";
    private const string FromPreset = "ReinforcementCatalog.Ppo(IEnvironment, PpoPreset, IProgress<TrainingProgress>)";
    private static readonly OptionCases<PpoTrainer.Options> Loop = new("PpoTrainer.Options", options => Made(options: options));

    public static IEnumerable<BadCase> All =>
    [
        Loop.AtLeast(1, "StepsPerUpdate", (options, value) => options.StepsPerUpdate = value),
        Loop.Refused<ArgumentOutOfRangeException>("StepsPerUpdate", "more than the pool holds", options => options.RealPoolCapacity = 100, "100"),
        Bad<ArgumentException>(Ppo, "an overlap", () => Made(options: new() { Overlap = OverlappedStages.Environment }), "Overlap is Environment"),
        Bad<ArgumentException>(Ppo, "unbounded actions", () => Made(new ScriptedEnvironment { ActionSpace = BoxSpace.Unbounded(1) }), "infinite bound"),
        Bad<ArgumentNullException>(Ppo, "no environment", () => Samples.Rl.Ppo(null!, Tiny()), "environment"),
        Bad<ArgumentNullException>(FromPreset, "no environment", () => Samples.Rl.Ppo(null!, new PpoPreset()), "environment"),
        Bad<ArgumentNullException>(FromPreset, "no preset", () => Samples.Rl.Ppo(Samples.Environment(), (PpoPreset)null!), "preset"),
        Bad<ArgumentNullException>(FromPreset, "a part that is null", () => Samples.Rl.Ppo(Samples.Environment(), new PpoPreset { Policy = null! }), "Policy"),
        Bad<ArgumentOutOfRangeException>(
            FromPreset, "an option out of range", () => Samples.Rl.Ppo(Samples.Environment(), new PpoPreset { Policy = { Epochs = 0 } }), "Epochs"),
        Bad<ArgumentException>("PpoTrainer.Fit()", "nothing but exploration",
            () => Made(options: new() { Steps = 5, InitialExplorationSteps = 5 }).Fit(), "5 steps", "InitialExplorationSteps"),
        Bad<TrainingFailedException>("PpoTrainer.Fit()", "an environment that gives NaN",
            () => Made(new ScriptedEnvironment { SecondObservation = _ => double.NaN }).Fit(), "episode 1", "dimension 1", "NaN"),
        Bad<NotSupportedException>("PpoTrainer.Fit(IDataView)", "logged transitions", () => Made().Fit(Samples.View()), "rl.Policies.Proximal"),
        Bad<ArgumentNullException>("PpoTrainer.Fit(IDataView)", "null", () => Made().Fit(null!), "input"),
        Bad<NotSupportedException>("PpoTrainer.Train(IDataView)", "logged transitions", () => Made().Train(Samples.View()), "rl.Policies.Proximal"),
        Bad<ArgumentOutOfRangeException>(
            "PpoTrainer.GetOutputSchema(SchemaShape)", "no observations", () => Made().GetOutputSchema(new SchemaShape([])), "Observation"),
        Bad<ArgumentNullException>("PpoTrainer.GetOutputSchema(SchemaShape)", "null", () => Made().GetOutputSchema(null!), "inputSchema"),
        Bad<CheckpointException>("PpoTrainer.Resume(string)", "no such file", () => Made().Resume("missing.checkpoint"), "missing.checkpoint"),
        Bad<ArgumentException>("PpoTrainer.Resume(string)", "a blank path", () => Made().Resume(" "), "path"),
        Bad<ArgumentNullException>("PpoTrainer.Resume(string)", "no path", () => Made().Resume(null!), "path"),
        Bad<CheckpointException>("PpoTrainer.Open(string)", "no such file", () => Made().Open("missing.checkpoint"), "missing.checkpoint"),
        Bad<ArgumentNullException>("PpoTrainer.Open(string)", "no path", () => Made().Open(null!), "path"),
        Bad<ArgumentNullException>("PpoPreset.Trainer", "null", () => new PpoPreset { Trainer = null! }.Copy(), "Trainer"),
        Bad<ArgumentNullException>("PpoPreset.Policy", "null", () => new PpoPreset { Policy = null! }.Copy(), "Policy"),
        Bad<ArgumentOutOfRangeException>("PpoPreset.Copy()", "an option out of range", () => new PpoPreset { Policy = { Epochs = 0 } }.Copy(), "Epochs"),
        Bad<ArgumentOutOfRangeException>("PpoPreset.UseWorkers(int)", "none", () => new PpoPreset().UseWorkers(0), "workers"),
        Bad<ArgumentNullException>("PpoPresets.For(IEnvironment)", "null", () => PpoPresets.For(null!), "environment"),
        Bad<ArgumentNullException>("PpoPresets.Ppo(MbpoPreset)", "null", () => PpoPresets.Ppo(null!), "preset"),
        Bad<ArgumentNullException>("PpoPresets.Ppo(MbpoPreset)", "a part that is null", () => new MbpoPreset { Policy = null! }.Ppo(), "Policy"),
    ];

    private static PpoTrainer.Options Tiny() => new() { Steps = 6, StepsPerUpdate = 3, Seed = 1 };

    private static PpoTrainer Made(IEnvironment? environment = null, PpoTrainer.Options? options = null) =>
        Samples.Rl.Ppo(environment ?? Samples.Environment(), options ?? Tiny());
}
