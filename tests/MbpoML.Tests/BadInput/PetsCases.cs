using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.Pets;
using MbpoML.Algorithms.Pets.Presets;
using MbpoML.Dynamics.Adapters;
using MbpoML.Environments;
using MbpoML.Saving;
using MbpoML.Tests.Environments;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>PETS with settings, environments and checkpoints that cannot be right.</summary>
internal static class PetsCases
{
    private const string Pets =
        "ReinforcementCatalog.Pets(IEnvironment, PetsTrainer.Options, IDynamicsEstimator, IActionSequenceOptimizer, PlanningTransformer.Options, " +
            "IProgress<TrainingProgress>)";
    private const string OfMlNet =
        "ReinforcementCatalog.Pets(IEnvironment, PetsTrainer.Options, IEstimator<ITransformer>, IActionSequenceOptimizer, PlanningTransformer.Options)";
    private const string FromPreset = "ReinforcementCatalog.Pets(IEnvironment, PetsPreset, IProgress<TrainingProgress>)";
    private static readonly OptionCases<PetsTrainer.Options> Loop = new("PetsTrainer.Options", options => Made(options: options));

    public static IEnumerable<BadCase> All =>
    [
        Loop.AtLeast(1, "ModelTrainingInterval", (options, value) => options.ModelTrainingInterval = value),
        Loop.Refused<ArgumentOutOfRangeException>("Method", "undefined", options => options.Method = (PlanningMethod)9, "CrossEntropy"),
        Bad<ArgumentException>(Pets, "an overlap", () => Made(options: new() { Overlap = OverlappedStages.Environment }), "Overlap is Environment"),
        Bad<ArgumentException>(Pets, "limits of two actions", () => Samples.Rl.Pets(
            Samples.Environment(), Tiny(), planner: new() { MaxActionChange = [1, 1, 1, 1] }), "MaxActionChange has 4 numbers"),
        Bad<ArgumentException>(Pets, "unbounded actions", () => Made(new ScriptedEnvironment { ActionSpace = BoxSpace.Unbounded(1) }), "infinite bound"),
        Bad<ArgumentNullException>(Pets, "no environment", () => Samples.Rl.Pets(null!, Tiny()), "environment"),
        Bad<ArgumentNullException>(OfMlNet, "no environment", () => Samples.Rl.Pets(null!, Tiny(), Regression()), "environment"),
        Bad<ArgumentNullException>(OfMlNet, "no options", () => Samples.Rl.Pets(Samples.Environment(), (PetsTrainer.Options)null!, Regression()), "options"),
        Bad<ArgumentNullException>(
            OfMlNet, "no model", () => Samples.Rl.Pets(Samples.Environment(), Tiny(), (IEstimator<ITransformer>)null!), "dynamics"),
        Bad<ArgumentNullException>(FromPreset, "no environment", () => Samples.Rl.Pets(null!, new PetsPreset()), "environment"),
        Bad<ArgumentNullException>(FromPreset, "no preset", () => Samples.Rl.Pets(Samples.Environment(), (PetsPreset)null!), "preset"),
        Bad<ArgumentNullException>(
            FromPreset, "a part that is null", () => Samples.Rl.Pets(Samples.Environment(), new PetsPreset { Planner = null! }), "Planner"),
        Bad<ArgumentOutOfRangeException>(
            FromPreset, "an option out of range", () => Samples.Rl.Pets(Samples.Environment(), new PetsPreset { Planner = { Horizon = 0 } }), "Horizon"),
        Bad<ArgumentException>("PetsTrainer.Fit()", "nothing but exploration",
            () => Made(options: new() { Steps = 5, InitialExplorationSteps = 5 }).Fit(), "5 steps", "InitialExplorationSteps"),
        Bad<TrainingFailedException>("PetsTrainer.Fit()", "an environment that gives NaN",
            () => Made(new ScriptedEnvironment { SecondObservation = _ => double.NaN }).Fit(), "episode 1", "dimension 1", "NaN"),
        Bad<InvalidOperationException>("PetsTrainer.Fit()", "noise that a planner does not take",
            () => Made(options: new() { Steps = 6, InitialExplorationSteps = 4, ExplorationNoise = ExplorationNoise.Pink }).Fit(), "Pink"),
        Bad<ArgumentOutOfRangeException>(
            "PetsTrainer.Fit(IDataView)", "no such columns", () => Made(new PointEnvironment()).Fit(NoColumns), "Observation"),
        Bad<ArgumentNullException>("PetsTrainer.Fit(IDataView)", "null", () => Made().Fit(null!), "input"),
        Bad<ArgumentOutOfRangeException>(
            "PetsTrainer.Train(IDataView)", "no such columns", () => Made(new PointEnvironment()).Train(NoColumns), "Observation"),
        Bad<ArgumentOutOfRangeException>(
            "PetsTrainer.GetOutputSchema(SchemaShape)", "no observations", () => Made().GetOutputSchema(new SchemaShape([])), "Observation"),
        Bad<ArgumentNullException>("PetsTrainer.GetOutputSchema(SchemaShape)", "null", () => Made().GetOutputSchema(null!), "inputSchema"),
        Bad<CheckpointException>("PetsTrainer.Resume(string)", "no such file", () => Made().Resume("missing.checkpoint"), "missing.checkpoint"),
        Bad<ArgumentException>("PetsTrainer.Resume(string)", "a blank path", () => Made().Resume(" "), "path"),
        Bad<ArgumentNullException>("PetsTrainer.Resume(string)", "no path", () => Made().Resume(null!), "path"),
        Bad<CheckpointException>("PetsTrainer.Open(string)", "no such file", () => Made().Open("missing.checkpoint"), "missing.checkpoint"),
        Bad<ArgumentNullException>("PetsTrainer.Open(string)", "no path", () => Made().Open(null!), "path"),
        Bad<ArgumentNullException>("PetsPreset.Trainer", "null", () => new PetsPreset { Trainer = null! }.Copy(), "Trainer"),
        Bad<ArgumentNullException>("PetsPreset.Dynamics", "null", () => new PetsPreset { Dynamics = null! }.Copy(), "Dynamics"),
        Bad<ArgumentNullException>("PetsPreset.Planner", "null", () => new PetsPreset { Planner = null! }.Copy(), "Planner"),
        Bad<ArgumentNullException>(
            "PetsPreset.ImprovedCrossEntropy", "null", () => new PetsPreset { ImprovedCrossEntropy = null! }.Copy(), "ImprovedCrossEntropy"),
        Bad<ArgumentNullException>("PetsPreset.CrossEntropy", "null", () => new PetsPreset { CrossEntropy = null! }.Copy(), "CrossEntropy"),
        Bad<ArgumentNullException>("PetsPreset.PathIntegral", "null", () => new PetsPreset { PathIntegral = null! }.Copy(), "PathIntegral"),
        Bad<ArgumentNullException>("PetsPreset.RandomShooting", "null", () => new PetsPreset { RandomShooting = null! }.Copy(), "RandomShooting"),
        Bad<ArgumentOutOfRangeException>("PetsPreset.Copy()", "an option out of range", () => new PetsPreset { Planner = { Horizon = 0 } }.Copy(), "Horizon"),
        Bad<ArgumentOutOfRangeException>("PetsPreset.Fast()", "an option out of range", () => new PetsPreset { Planner = { Horizon = 0 } }.Fast(), "Horizon"),
        Bad<ArgumentOutOfRangeException>("PetsPreset.UseWorkers(int)", "none", () => new PetsPreset().UseWorkers(0), "workers"),
        Bad<ArgumentNullException>("PetsPresets.For(IEnvironment)", "null", () => PetsPresets.For(null!), "environment"),
        Bad<ArgumentNullException>("PetsPresets.Pets(MbpoPreset)", "null", () => PetsPresets.Pets(null!), "preset"),
        Bad<ArgumentNullException>("PetsPresets.Pets(MbpoPreset)", "a part that is null", () => new MbpoPreset { Policy = null! }.Pets(), "Policy"),
    ];

    private static PetsTrainer.Options Tiny() => new() { Steps = 6, InitialExplorationSteps = 4, Seed = 1 };

    private static PerOutputRegressionEstimator Regression()
    {
        var mlContext = new MLContext(seed: 1);
        return mlContext.Reinforcement().Dynamics.Regression(label => mlContext.Regression.Trainers.Sdca(label, "Features"));
    }

    private static IDataView NoColumns => new MLContext(seed: 1).Data.LoadFromEnumerable([new Nothing()]);

    private static PetsTrainer Made(IEnvironment? environment = null, PetsTrainer.Options? options = null) =>
        Samples.Rl.Pets(environment ?? Samples.Environment(), options ?? Tiny(), new LineDynamicsEstimator());

    private sealed class Nothing
    {
        public float Other { get; set; }
    }
}
