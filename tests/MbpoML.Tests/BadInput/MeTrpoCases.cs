using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.MeTrpo;
using MbpoML.Algorithms.MeTrpo.Presets;
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

/// <summary>ME-TRPO with settings, environments and checkpoints that cannot be right.</summary>
internal static class MeTrpoCases
{
    private const string MeTrpo =
        "ReinforcementCatalog.MeTrpo(IEnvironment, MeTrpoTrainer.Options, IDynamicsEstimator, EpisodeRollouts, IPolicyEstimator, IProgress<TrainingProgress>)";
    private const string OfMlNet =
        "ReinforcementCatalog.MeTrpo(IEnvironment, MeTrpoTrainer.Options, IEstimator<ITransformer>, EpisodeRollouts, IPolicyEstimator)";
    private const string FromPreset = "ReinforcementCatalog.MeTrpo(IEnvironment, MeTrpoPreset, IProgress<TrainingProgress>)";
    private static readonly OptionCases<MeTrpoTrainer.Options> Loop = new("MeTrpoTrainer.Options", options => Made(options: options));

    public static IEnumerable<BadCase> All =>
    [
        Loop.AtLeast(1, "StepsPerIteration", (options, value) => options.StepsPerIteration = value),
        Loop.AtLeast(5, "MaxPolicyIterations", (options, value) => options.MaxPolicyIterations = value),
        Loop.AtLeast(1, "ValidationInterval", (options, value) => options.ValidationInterval = value),
        Loop.AtLeast(5, "ValidationPatience", (options, value) => options.ValidationPatience = value),
        .. Loop.Numbers("ValidationShare", (options, value) => options.ValidationShare = value, 0, 1.1, double.NaN),
        Loop.AtLeast(1, "ValidationEpisodes", (options, value) => options.ValidationEpisodes = value),
        .. Loop.Numbers("ActionNoise", (options, value) => options.ActionNoise = value, -1, double.NaN),
        .. Loop.Numbers("ParameterNoise", (options, value) => options.ParameterNoise = value, -1, double.NaN),
        Bad<ArgumentException>(MeTrpo, "an overlap", () => Made(options: new() { Overlap = OverlappedStages.Environment }), "Overlap is Environment"),
        Bad<ArgumentException>(MeTrpo, "unbounded actions", () => Made(new ScriptedEnvironment { ActionSpace = BoxSpace.Unbounded(1) }), "infinite bound"),
        Bad<ArgumentException>(MeTrpo, "an environment without a state", () => Made(new LineEnvironment()), "LineEnvironment", "EvaluationEnvironment"),
        Bad<ArgumentNullException>(MeTrpo, "no environment", () => Samples.Rl.MeTrpo(null!, Tiny()), "environment"),
        Bad<ArgumentNullException>(OfMlNet, "no environment", () => Samples.Rl.MeTrpo(null!, Tiny(), Regression()), "environment"),
        Bad<ArgumentNullException>(
            OfMlNet, "no options", () => Samples.Rl.MeTrpo(Samples.Environment(), (MeTrpoTrainer.Options)null!, Regression()), "options"),
        Bad<ArgumentNullException>(
            OfMlNet, "no model", () => Samples.Rl.MeTrpo(Samples.Environment(), Tiny(), (IEstimator<ITransformer>)null!), "dynamics"),
        Bad<ArgumentException>(
            OfMlNet, "an environment without a state", () => Samples.Rl.MeTrpo(new LineEnvironment(), Tiny(), Regression()), "EvaluationEnvironment"),
        Bad<ArgumentNullException>(FromPreset, "no environment", () => Samples.Rl.MeTrpo(null!, new MeTrpoPreset()), "environment"),
        Bad<ArgumentNullException>(FromPreset, "no preset", () => Samples.Rl.MeTrpo(Samples.Environment(), (MeTrpoPreset)null!), "preset"),
        Bad<ArgumentNullException>(
            FromPreset, "a part that is null", () => Samples.Rl.MeTrpo(Samples.Environment(), new MeTrpoPreset { Rollouts = null! }), "Rollouts"),
        Bad<ArgumentOutOfRangeException>(
            FromPreset, "an option out of range", () => Samples.Rl.MeTrpo(Samples.Environment(), new MeTrpoPreset { Policy = { Backtracks = 0 } }),
            "Backtracks"),
        Bad<ArgumentException>("MeTrpoTrainer.Fit()", "nothing but exploration",
            () => Made(options: new() { Steps = 5, InitialExplorationSteps = 5 }).Fit(), "5 steps", "InitialExplorationSteps"),
        Bad<TrainingFailedException>("MeTrpoTrainer.Fit()", "an environment that gives NaN",
            () => Made(new PointEnvironment { OnStep = _ => throw new InvalidOperationException("NaN") }).Fit(), "episode 1", "NaN"),
        Bad<InvalidOperationException>("MeTrpoTrainer.Fit()", "a learner of minibatches",
            () => Samples.Rl.MeTrpo(new PointEnvironment(), Tiny(), policy: Samples.Rl.Policies.SoftActorCritic()).Fit(), "IEpisodeLearner"),
        Bad<ArgumentOutOfRangeException>(
            "MeTrpoTrainer.Fit(IDataView)", "no such columns", () => Made().Fit(Samples.View(without: "Observation")), "Observation"),
        Bad<ArgumentNullException>("MeTrpoTrainer.Fit(IDataView)", "null", () => Made().Fit(null!), "input"),
        Bad<ArgumentOutOfRangeException>(
            "MeTrpoTrainer.Train(IDataView)", "no such columns", () => Made().Train(Samples.View(without: "Observation")), "Observation"),
        Bad<ArgumentOutOfRangeException>(
            "MeTrpoTrainer.GetOutputSchema(SchemaShape)", "no observations", () => Made().GetOutputSchema(new SchemaShape([])), "Observation"),
        Bad<ArgumentNullException>("MeTrpoTrainer.GetOutputSchema(SchemaShape)", "null", () => Made().GetOutputSchema(null!), "inputSchema"),
        Bad<CheckpointException>("MeTrpoTrainer.Resume(string)", "no such file", () => Made().Resume("missing.checkpoint"), "missing.checkpoint"),
        Bad<ArgumentException>("MeTrpoTrainer.Resume(string)", "a blank path", () => Made().Resume(" "), "path"),
        Bad<ArgumentNullException>("MeTrpoTrainer.Resume(string)", "no path", () => Made().Resume(null!), "path"),
        Bad<CheckpointException>("MeTrpoTrainer.Open(string)", "no such file", () => Made().Open("missing.checkpoint"), "missing.checkpoint"),
        Bad<ArgumentNullException>("MeTrpoTrainer.Open(string)", "no path", () => Made().Open(null!), "path"),
        Bad<ArgumentNullException>("MeTrpoPreset.Trainer", "null", () => new MeTrpoPreset { Trainer = null! }.Copy(), "Trainer"),
        Bad<ArgumentNullException>("MeTrpoPreset.Dynamics", "null", () => new MeTrpoPreset { Dynamics = null! }.Copy(), "Dynamics"),
        Bad<ArgumentNullException>("MeTrpoPreset.Rollouts", "null", () => new MeTrpoPreset { Rollouts = null! }.Copy(), "Rollouts"),
        Bad<ArgumentNullException>("MeTrpoPreset.Policy", "null", () => new MeTrpoPreset { Policy = null! }.Copy(), "Policy"),
        Bad<ArgumentOutOfRangeException>(
            "MeTrpoPreset.Copy()", "an option out of range", () => new MeTrpoPreset { Policy = { Backtracks = 0 } }.Copy(), "Backtracks"),
        Bad<ArgumentOutOfRangeException>(
            "MeTrpoPreset.Fast()", "an option out of range", () => new MeTrpoPreset { Policy = { Backtracks = 0 } }.Fast(), "Backtracks"),
        Bad<ArgumentOutOfRangeException>("MeTrpoPreset.UseWorkers(int)", "none", () => new MeTrpoPreset().UseWorkers(0), "workers"),
        Bad<ArgumentNullException>("MeTrpoPresets.For(IEnvironment)", "null", () => MeTrpoPresets.For(null!), "environment"),
        Bad<ArgumentNullException>("MeTrpoPresets.MeTrpo(MbpoPreset)", "null", () => MeTrpoPresets.MeTrpo(null!), "preset"),
        Bad<ArgumentNullException>("MeTrpoPresets.MeTrpo(MbpoPreset)", "a part that is null", () => new MbpoPreset { Policy = null! }.MeTrpo(), "Policy"),
    ];

    private static MeTrpoTrainer.Options Tiny() => new() { Steps = 6, InitialExplorationSteps = 4, Seed = 1 };

    private static PerOutputRegressionEstimator Regression()
    {
        var mlContext = new MLContext(seed: 1);
        return mlContext.Reinforcement().Dynamics.Regression(label => mlContext.Regression.Trainers.Sdca(label, "Features"));
    }

    private static MeTrpoTrainer Made(IEnvironment? environment = null, MeTrpoTrainer.Options? options = null) =>
        Samples.Rl.MeTrpo(environment ?? new PointEnvironment(), options ?? Tiny());
}
