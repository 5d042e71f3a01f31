using MbpoML.Algorithms.DoubleHorizon;
using MbpoML.Algorithms.DoubleHorizon.Presets;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Saving;
using MbpoML.Tests.Environments;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Double-horizon MBPO with settings, environments, stages and checkpoints that cannot be right.</summary>
internal static class DoubleHorizonCases
{
    private const string Mbpo =
        "ReinforcementCatalog.DoubleHorizonMbpo(IEnvironment, DoubleHorizonTrainer.Options, IDynamicsEstimator, DistributionRollouts, IPolicyEstimator, " +
            "IProgress<TrainingProgress>)";
    private const string FromPreset = "ReinforcementCatalog.DoubleHorizonMbpo(IEnvironment, DoubleHorizonPreset, IProgress<TrainingProgress>)";
    private static readonly OptionCases<DoubleHorizonTrainer.Options> Loop = new("DoubleHorizonTrainer.Options", options => Made(options: options));
    private static readonly OptionCases<DistributionRollouts.Options> Rollouts = new(
        "DistributionRollouts.Options", options => Samples.Rl.Rollouts.Distribution(options));

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>(
            Mbpo, "no environment", () => Samples.Rl.DoubleHorizonMbpo(
                null!, Tiny(), new LineDynamicsEstimator(), Samples.Rl.Rollouts.Distribution(), new RecordingStartStateEstimator()), "environment"),
        Bad<ArgumentException>(Mbpo, "unbounded actions", () => Made(new ScriptedEnvironment { ActionSpace = BoxSpace.Unbounded(1) }), "infinite bound"),
        Bad<InvalidOperationException>(
            "DoubleHorizonTrainer.Fit()", "a learner of minibatches",
            () => Samples.Rl.DoubleHorizonMbpo(Samples.Environment(), Tiny(), new LineDynamicsEstimator(), Samples.Rl.Rollouts.Distribution(),
                new RecordingPolicyEstimator()).Fit(), "IStartStateLearner"),
        Bad<ArgumentException>("DoubleHorizonTrainer.Fit()", "nothing but exploration",
            () => Made(options: new() { Steps = 5, InitialExplorationSteps = 5 }).Fit(), "5 steps", "InitialExplorationSteps"),
        Bad<ArgumentException>("DoubleHorizonTrainer.Fit()", "no data for the model",
            () => Made(options: new() { Steps = 5, InitialExplorationSteps = 0 }).Fit(), "at least 2 transitions"),
        Bad<TrainingFailedException>("DoubleHorizonTrainer.Fit()", "an environment that gives NaN",
            () => Made(new ScriptedEnvironment { SecondObservation = _ => double.NaN }).Fit(), "episode 1", "dimension 1", "NaN"),
        Bad<CheckpointException>(
            "DoubleHorizonTrainer.Resume(string)", "no such file", () => Trainer().Resume("missing.checkpoint"), "missing.checkpoint", "cannot be opened"),
        Bad<ArgumentException>("DoubleHorizonTrainer.Resume(string)", "a blank path", () => Trainer().Resume(" "), "path"),
        Bad<CheckpointException>(
            "DoubleHorizonTrainer.Open(string)", "no such file", () => Trainer().Open("missing.checkpoint"), "missing.checkpoint", "cannot be opened"),
        Bad<ArgumentNullException>("DoubleHorizonTrainer.Open(string)", "no path", () => Trainer().Open(null!), "path"),
        Bad<ArgumentNullException>(FromPreset, "no environment", () => Samples.Rl.DoubleHorizonMbpo(null!, new DoubleHorizonPreset()), "environment"),
        Bad<ArgumentNullException>("DoubleHorizonTrainer.Resume(string)", "no path", () => Trainer().Resume(null!), "path"),
        Bad<ArgumentNullException>(FromPreset, "no preset", () => Samples.Rl.DoubleHorizonMbpo(Samples.Environment(), (DoubleHorizonPreset)null!), "preset"),
        Bad<ArgumentNullException>(
            FromPreset, "a part that is null", () => Samples.Rl.DoubleHorizonMbpo(Samples.Environment(), new DoubleHorizonPreset { Policy = null! }), "Policy"),
        Bad<ArgumentOutOfRangeException>(FromPreset, "an option out of range",
            () => Samples.Rl.DoubleHorizonMbpo(Samples.Environment(), new DoubleHorizonPreset { Rollouts = { Length = 0 } }), "Length"),
        Bad<ArgumentNullException>("DoubleHorizonPreset.Trainer", "null", () => new DoubleHorizonPreset { Trainer = null! }.Copy(), "Trainer"),
        Bad<ArgumentNullException>("DoubleHorizonPreset.Dynamics", "null", () => new DoubleHorizonPreset { Dynamics = null! }.Copy(), "Dynamics"),
        Bad<ArgumentNullException>("DoubleHorizonPreset.Rollouts", "null", () => new DoubleHorizonPreset { Rollouts = null! }.Copy(), "Rollouts"),
        Bad<ArgumentNullException>("DoubleHorizonPreset.Policy", "null", () => new DoubleHorizonPreset { Policy = null! }.Copy(), "Policy"),
        Bad<ArgumentOutOfRangeException>(
            "DoubleHorizonPreset.Copy()", "an option out of range", () => new DoubleHorizonPreset { Policy = { Horizon = 0 } }.Copy(), "Horizon"),
        Bad<ArgumentOutOfRangeException>(
            "DoubleHorizonPreset.UseWorkers(int)", "none", () => new DoubleHorizonPreset().UseWorkers(0), "workers", "Actual value was 0"),
        Bad<ArgumentNullException>("DoubleHorizonPresets.For(IEnvironment)", "null", () => DoubleHorizonPresets.For(null!), "environment"),
        Bad<ArgumentNullException>("DoubleHorizonPresets.DoubleHorizon(MbpoPreset)", "null", () => DoubleHorizonPresets.DoubleHorizon(null!), "preset"),
        Bad<ArgumentNullException>(
            "DoubleHorizonPresets.DoubleHorizon(MbpoPreset)", "a part that is null", () => new MbpoPreset { Policy = null! }.DoubleHorizon(), "Policy"),
        Loop.AtLeast(1, "ModelTrainingInterval", (options, value) => options.ModelTrainingInterval = value),
        Loop.AtLeast(0, "UpdatesPerStep", (options, value) => options.UpdatesPerStep = value),
        Loop.AtLeast(0, "CriticUpdatesPerFit", (options, value) => options.CriticUpdatesPerFit = value),
        Loop.AtLeast(0, "FirstUpdates", (options, value) => options.FirstUpdates = value),
        .. Loop.Numbers("AssessmentSpacing", (options, value) => options.AssessmentSpacing = value, -0.1, 1.1, double.NaN),
        .. Loop.Numbers("AssessmentTolerance", (options, value) => options.AssessmentTolerance = value, -0.1, 1.1, double.NaN),
        Bad<ArgumentException>("DoubleHorizonTrainer.Options.AssessesPolicies", "updates at each step",
            () => Made(options: new() { Steps = 20, AssessesPolicies = true, UpdatesAfterFit = false }), "UpdatesAfterFit"),
        Bad<ArgumentException>("DoubleHorizonTrainer.Options.AssessesPolicies", "episodes that begin before the updates",
            () => Made(options: new() { Steps = 20, AssessesPolicies = true, Overlap = OverlappedStages.Environment }), "Overlap"),
        .. Rollouts.Numbers("RecentFraction", (options, value) => options.RecentFraction = value, -0.1, 1.1, double.NaN),
        Rollouts.AtLeast(1, "RecentStates", (options, value) => options.RecentStates = value),
        Rollouts.AtLeast(1, "Length", (options, value) => options.Length = value),
        Rollouts.AtLeast(1, "BatchSize", (options, value) => options.BatchSize = value),
        Rollouts.AtLeast(1, "Interval", (options, value) => options.Interval = value),
        Rollouts.AtLeast(1, "Capacity", (options, value) => options.Capacity = value),
        Bad<ArgumentOutOfRangeException>("RolloutCatalog.Distribution(DistributionRollouts.Options)", "no steps",
            () => Samples.Rl.Rollouts.Distribution(new() { Length = 0 }), "Length", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>("MbpoPreset.UseWorkers(int)", "three", () => new MbpoPreset().UseWorkers(3), "workers", "Actual value was 3"),
    ];

    /// <summary>A run of a few steps.</summary>
    public static DoubleHorizonTrainer Trainer() => Made();

    /// <summary>Settings of such a run.</summary>
    public static DoubleHorizonTrainer.Options Tiny() => new() { Steps = 6, InitialExplorationSteps = 4, Seed = 1 };

    private static DoubleHorizonTrainer Made(IEnvironment? environment = null, DoubleHorizonTrainer.Options? options = null) =>
        Samples.Rl.DoubleHorizonMbpo(environment ?? Samples.Environment(), options ?? Tiny(), new LineDynamicsEstimator(), Samples.Rl.Rollouts.Distribution(),
            new RecordingStartStateEstimator());
}
