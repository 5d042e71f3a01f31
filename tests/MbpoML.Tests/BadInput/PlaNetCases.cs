using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.PlaNet;
using MbpoML.Algorithms.PlaNet.Presets;
using MbpoML.Data;
using MbpoML.Dynamics.Latent;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Planning;
using MbpoML.Saving;
using MbpoML.Tests.Dynamics.Latent;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using Microsoft.ML;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>PlaNet, its model and its planner with settings, environments, rows and checkpoints that cannot be right.</summary>
internal static class PlaNetCases
{
    private const string PlaNet =
        "ReinforcementCatalog.PlaNet(IEnvironment, PlaNetTrainer.Options, ILatentDynamicsEstimator, IActionSequenceOptimizer, PlanningTransformer.Options, " +
            "IProgress<TrainingProgress>)";
    private const string FromPreset = "ReinforcementCatalog.PlaNet(IEnvironment, PlaNetPreset, IProgress<TrainingProgress>)";
    private const string Latent =
        "PolicyCatalog.LatentPlanner(ILatentDynamicsModel, BoxSpace, IActionSequenceOptimizer, PlanningTransformer.Options, double, int?)";
    private const string Create = "RecurrentStateSpaceTrainer.CreateLearner(FrameShape, BoxSpace, int, string)";
    private const string Open = "DiagnosticsCatalog.OpenLoop(LatentPlanningTransformer, IEnvironment, int, int, int)";
    private static readonly OptionCases<PlaNetTrainer.Options> Loop = new("PlaNetTrainer.Options", options => Made(options: options));
    private static readonly OptionCases<RecurrentStateSpaceTrainer.Options> Model = new(
        "RecurrentStateSpaceTrainer.Options", options => Samples.Rl.Dynamics.RecurrentStateSpace(options).CreateLearner(DotLineWorld.Frames, Actions, 1));

    public static IEnumerable<BadCase> All =>
    [
        .. OfTheLoop(), .. OfTheModel(), .. OfThePlanner(),
    ];

    private static BoxSpace Actions => DotLineWorld.Actions;

    private static IDataView NoColumns => new MLContext(seed: 1).Data.LoadFromEnumerable([new Nothing()]);

    private static IEnumerable<BadCase> OfTheLoop() =>
    [
        Loop.AtLeast(1, "SeedEpisodes", (options, value) => options.SeedEpisodes = value),
        Loop.AtLeast(1, "UpdatesPerFit", (options, value) => options.UpdatesPerFit = value),
        Loop.AtLeast(1, "ModelTrainingInterval", (options, value) => options.ModelTrainingInterval = value),
        .. Loop.Numbers("ActionNoise", (options, value) => options.ActionNoise = value, -0.1, double.NaN),
        Bad<ArgumentException>(PlaNet, "an overlap", () => Made(options: new() { Overlap = OverlappedStages.Environment }), "Overlap is Environment"),
        Bad<ArgumentException>(PlaNet, "no pictures", () => Samples.Rl.PlaNet(Samples.Environment(), Tiny()), "WithPixels"),
        Bad<ArgumentException>(PlaNet, "unbounded actions", () => Made(new DotLineEnvironment { ActionSpace = BoxSpace.Unbounded(1) }), "infinite bound"),
        Bad<ArgumentNullException>(PlaNet, "no environment", () => Samples.Rl.PlaNet(null!, Tiny()), "environment"),
        Bad<ArgumentNullException>(FromPreset, "no environment", () => Samples.Rl.PlaNet(null!, new PlaNetPreset()), "environment"),
        Bad<ArgumentNullException>(FromPreset, "no preset", () => Samples.Rl.PlaNet(new DotLineEnvironment(), (PlaNetPreset)null!), "preset"),
        Bad<ArgumentNullException>(
            FromPreset, "a part that is null", () => Samples.Rl.PlaNet(new DotLineEnvironment(), new PlaNetPreset { Planner = null! }), "Planner"),
        Bad<ArgumentException>("PlaNetTrainer.Fit()", "nothing but exploration",
            () => Made(options: new() { Steps = 5, InitialExplorationSteps = 5 }).Fit(), "5 steps", "InitialExplorationSteps"),
        Bad<ArgumentException>("PlaNetTrainer.Fit()", "layers that are too many for the frames", () => Samples.Rl.PlaNet(new DotLineEnvironment(), Tiny(),
            Samples.Rl.Dynamics.RecurrentStateSpace(new() { EncoderFilters = [1, 1, 1, 1], ChunkLength = 4 })).Fit(), "16 by 16"),
        Bad<ArgumentException>(PlaNet, "chunks that are longer than any episode", () => Samples.Rl.PlaNet(
            new DotLineEnvironment { Length = 2 }, Tiny(), Rssm()), "chunks of 4 frames", "3 or less"),
        Bad<ArgumentException>(PlaNet, "limits of another number of actions", () => Samples.Rl.PlaNet(
            new DotLineEnvironment(), Tiny(), planner: new() { MaxActionChange = [1, 1] }), "MaxActionChange"),
        Bad<ArgumentException>(PlaNet, "a reward function",
            () => Made(options: new() { Reward = RewardFunction.FromTensors((_, _, next) => next.select(1, 0)) }), "beliefs"),
        Bad<ArgumentException>(PlaNet, "a termination function", () => Made(options: new() { Termination = TerminationFunction.Never }), "beliefs"),
        Bad<InvalidOperationException>("PlaNetTrainer.Fit()", "checkpoints of what cannot be saved", () => Samples.Rl.PlaNet(
            new DotLineEnvironment(), Saved(), new Unsaved()).Fit(), "is no ISaved"),
        Bad<InvalidOperationException>("PlaNetTrainer.Fit()", "noise that a planner does not take",
            () => Made(options: new() { Steps = 8, InitialExplorationSteps = 6, ExplorationNoise = ExplorationNoise.Pink }).Fit(), "Pink"),
        Bad<ArgumentException>("PlaNetTrainer.Fit(IDataView)", "transitions", () => ((IEstimator<ITransformer>)Made()).Fit(NoColumns), "whole episodes"),
        Bad<ArgumentNullException>("PlaNetTrainer.Fit(IDataView)", "null", () => ((IEstimator<ITransformer>)Made()).Fit(null!), "input"),
        Bad<ArgumentException>("PlaNetTrainer.Train(IDataView)", "transitions", () => Made().Train(NoColumns), "whole episodes"),
        Bad<ArgumentOutOfRangeException>(
            "PlaNetTrainer.GetOutputSchema(SchemaShape)", "no observations", () => Made().GetOutputSchema(new SchemaShape([])), "Observation"),
        Bad<ArgumentNullException>("PlaNetTrainer.GetOutputSchema(SchemaShape)", "null", () => Made().GetOutputSchema(null!), "inputSchema"),
        Bad<CheckpointException>("PlaNetTrainer.Resume(string)", "no such file", () => Made().Resume("missing.checkpoint"), "missing.checkpoint"),
        Bad<ArgumentException>("PlaNetTrainer.Resume(string)", "a blank path", () => Made().Resume(" "), "path"),
        Bad<ArgumentNullException>("PlaNetTrainer.Resume(string)", "no path", () => Made().Resume(null!), "path"),
        Bad<CheckpointException>("PlaNetTrainer.Open(string)", "no such file", () => Made().Open("missing.checkpoint"), "missing.checkpoint"),
        Bad<ArgumentNullException>("PlaNetTrainer.Open(string)", "no path", () => Made().Open(null!), "path"),
        Bad<ArgumentNullException>("PlaNetPreset.Trainer", "null", () => new PlaNetPreset { Trainer = null! }.Copy(), "Trainer"),
        Bad<ArgumentNullException>("PlaNetPreset.Dynamics", "null", () => new PlaNetPreset { Dynamics = null! }.Copy(), "Dynamics"),
        Bad<ArgumentNullException>("PlaNetPreset.Planner", "null", () => new PlaNetPreset { Planner = null! }.Copy(), "Planner"),
        Bad<ArgumentNullException>("PlaNetPreset.CrossEntropy", "null", () => new PlaNetPreset { CrossEntropy = null! }.Copy(), "CrossEntropy"),
        Bad<ArgumentOutOfRangeException>(
            "PlaNetPreset.Copy()", "an option out of range", () => new PlaNetPreset { Planner = { Horizon = 0 } }.Copy(), "Horizon"),
        Bad<ArgumentOutOfRangeException>("PlaNetPreset.UseWorkers(int)", "none", () => new PlaNetPreset().UseWorkers(0), "workers"),
        Bad<ArgumentNullException>("PlaNetPresets.For(IEnvironment)", "null", () => PlaNetPresets.For(null!), "environment"),
        Bad<ArgumentException>("PlaNetPresets.For(IEnvironment)", "no pictures", () => PlaNetPresets.For(Samples.Environment()), "WithPixels"),
        Bad<ArgumentNullException>("PlaNetPresets.PlaNet(MbpoPreset, FrameShape?)", "null", () => PlaNetPresets.PlaNet(null!), "preset"),
        Bad<ArgumentNullException>(
            "PlaNetPresets.PlaNet(MbpoPreset, FrameShape?)", "a part that is null", () => new MbpoPreset { Policy = null! }.PlaNet(), "Policy"),
    ];

    private static IEnumerable<BadCase> OfTheModel() =>
    [
        .. Model.Outside(1, 65536, "DeterministicSize", (options, value) => options.DeterministicSize = value),
        .. Model.Outside(1, 65536, "StochasticSize", (options, value) => options.StochasticSize = value),
        .. Model.Outside(1, 65536, "HiddenSize", (options, value) => options.HiddenSize = value),
        .. Model.Numbers("LeastDeviation", (options, value) => options.LeastDeviation = value, 0, double.NaN),
        .. Model.Outside(1, 65536, "FirstFilters", (options, value) => options.FirstFilters = value),
        Model.Refused<ArgumentOutOfRangeException>("EncoderFilters", "none", options => options.EncoderFilters = [], "layer sizes"),
        Model.AtLeast(2, "EncoderKernel", (options, value) => options.EncoderKernel = value),
        .. Model.Outside(1, 65536, "DecoderInputs", (options, value) => options.DecoderInputs = value),
        Model.Refused<ArgumentOutOfRangeException>("DecoderFilters", "a negative one", options => options.DecoderFilters = [-1], "[-1]"),
        Model.Refused<ArgumentOutOfRangeException>("DecoderKernels", "none", options => options.DecoderKernels = [], "layer sizes"),
        Model.Refused<ArgumentException>(
            "DecoderKernels", "one too many", options => (options.DecoderFilters, options.DecoderKernels) = ([4], [5, 5]), "2 numbers", "DecoderFilters 1"),
        Model.Refused<ArgumentException>("DecoderKernels", "too large for the frames", options => options.DecoderKernels = [20], "16 by 16"),
        Model.Refused<ArgumentNullException>("RewardHiddenSizes", "null", options => options.RewardHiddenSizes = null!),
        Model.Refused<ArgumentOutOfRangeException>("RewardHiddenSizes", "none", options => options.RewardHiddenSizes = [], "layer sizes"),
        .. Model.Numbers("RewardScale", (options, value) => options.RewardScale = value, -1, double.NaN),
        .. Model.Numbers("DivergenceScale", (options, value) => options.DivergenceScale = value, -1, double.NaN),
        .. Model.Numbers("FreeNats", (options, value) => options.FreeNats = value, -1, double.NaN),
        Model.AtLeast(1, "BatchSize", (options, value) => options.BatchSize = value),
        Model.AtLeast(2, "ChunkLength", (options, value) => options.ChunkLength = value),
        .. Model.Numbers("LearningRate", (options, value) => options.LearningRate = value, 0, double.NaN),
        Model.AtLeast(0, "WarmUpUpdates", (options, value) => options.WarmUpUpdates = value),
        .. Model.Numbers("AdamEpsilon", (options, value) => options.AdamEpsilon = value, 0, double.NaN),
        .. Model.Numbers("MaxGradientNorm", (options, value) => options.MaxGradientNorm = value, 0, double.PositiveInfinity),
        Model.Refused<ArgumentException>("Device", "an unknown one", options => options.Device = "gpu", "'gpu'"),
        Bad<ArgumentOutOfRangeException>("DynamicsCatalog.RecurrentStateSpace(RecurrentStateSpaceTrainer.Options)", "an option out of range",
            () => Samples.Rl.Dynamics.RecurrentStateSpace(new() { BatchSize = 0 }), "BatchSize"),
        Bad<ArgumentNullException>(Create, "no actions", () => Rssm().CreateLearner(DotLineWorld.Frames, null!, 1), "actionSpace"),
        Bad<ArgumentException>(Create, "no frames", () => Rssm().CreateLearner(default, Actions, 1), "frames"),
        Bad<ArgumentException>(Create, "frames that are too small", () => Rssm().CreateLearner(new FrameShape(1, 3, 3), Actions, 1), "3 by 3"),
        Bad<ArgumentException>(Create, "more filters than arrays hold", () => Samples.Rl.Dynamics.RecurrentStateSpace(
            new() { EncoderFilters = [1 << 30] }).CreateLearner(DotLineWorld.Frames, Actions, 1), "make layers smaller"),
        Bad<ArgumentException>(Create, "unbounded actions", () => Rssm().CreateLearner(DotLineWorld.Frames, BoxSpace.Unbounded(1), 1), "infinite"),
        Bad<ArgumentException>(Create, "an unknown device", () => Rssm().CreateLearner(DotLineWorld.Frames, Actions, 1, "gpu"), "'gpu'"),
    ];

    private static IEnumerable<BadCase> OfThePlanner() =>
    [
        Bad<ArgumentNullException>(Latent, "no model", () => Samples.Rl.Policies.LatentPlanner(null!, Actions), "dynamics"),
        Bad<ArgumentNullException>(Latent, "no actions", () => Samples.Rl.Policies.LatentPlanner(Learner().Model, null!), "actionSpace"),
        Bad<ArgumentException>(Latent, "other actions than the model's",
            () => Samples.Rl.Policies.LatentPlanner(Learner().Model, BoxSpace.Uniform(2, -1, 1)), "2 dimensions", "takes 1"),
        Bad<ArgumentOutOfRangeException>(
            Latent, "less than no noise", () => Samples.Rl.Policies.LatentPlanner(Learner().Model, Actions, explorationNoise: -1), "explorationNoise"),
        Bad<ArgumentException>("LatentPlanningTransformer.Of(PolicyTransformer)", "a network", () => LatentPlanningTransformer.Of(Samples.Policy), "no belief"),
        Bad<ArgumentNullException>("LatentPlanningTransformer.Of(PolicyTransformer)", "null", () => LatentPlanningTransformer.Of(null!), "policy"),
        Bad<ArgumentException>("LatentPlanningTransformer.Act(Tensor)", "another size", () => Planner().Act(zeros(1, 2)), "Float32 [rows, 256]"),
        Bad<ArgumentNullException>("LatentPlanningTransformer.Act(Tensor)", "null", () => Planner().Act(null!), "observation"),
        Bad<ArgumentException>(
            "LatentPlanningTransformer.Sample(Tensor, Generator)", "NaN", () => Planner().Sample(full([1, 256], float.NaN), new Generator(1)), "finite"),
        Bad<ArgumentNullException>(
            "LatentPlanningTransformer.Sample(Tensor, Generator)", "no observation", () => Planner().Sample(null!, new Generator(1)), "observation"),
        Bad<ArgumentNullException>(
            "LatentPlanningTransformer.Sample(Tensor, Generator)", "no generator", () => Planner().Sample(zeros(1, 256), null!), "generator"),
        Bad<ArgumentOutOfRangeException>("LatentPlanningTransformer.Transform(IDataView)", "no columns", () => Planner().Transform(NoColumns), "Observation"),
        Bad<ArgumentNullException>("LatentPlanningTransformer.Transform(IDataView)", "null", () => Planner().Transform(null!), "input"),
        Bad<ArgumentOutOfRangeException>(
            "LatentPlanningTransformer.GetOutputSchema(DataViewSchema)", "no columns", () => Planner().GetOutputSchema(NoColumns.Schema), "Observation"),
        Bad<ArgumentNullException>(
            "LatentPlanningTransformer.GetOutputSchema(DataViewSchema)", "null", () => Planner().GetOutputSchema(null!), "inputSchema"),
        Bad<ArgumentOutOfRangeException>(
            "LatentPlanningTransformer.GetRowToRowMapper(DataViewSchema)", "no columns", () => Planner().GetRowToRowMapper(NoColumns.Schema), "Observation"),
        Bad<ArgumentNullException>(
            "LatentPlanningTransformer.GetRowToRowMapper(DataViewSchema)", "null", () => Planner().GetRowToRowMapper(null!), "inputSchema"),
        Bad<ObjectDisposedException>("LatentPlanningTransformer.NewActor()", "disposed", () =>
        {
            var planner = Planner();
            planner.Dispose();
            planner.NewActor();
        }, "LatentPlanningTransformer"),
        Bad<ArgumentException>("LatentPlanningTransformer.ExportToOnnx(string)", "a blank path", () => Planner().ExportToOnnx(" "), "path"),
        Bad<ArgumentNullException>("LatentPlanningTransformer.ExportToOnnx(string)", "null", () => Planner().ExportToOnnx(null!), "path"),
        Bad<NotSupportedException>("LatentPlanningTransformer.ExportToOnnx(string)", "an optimizer that no graph holds",
            () => Samples.Rl.Policies.LatentPlanner(Learner().Model, Actions, Samples.Rl.Planning.RandomShooting()).ExportToOnnx("a.onnx"), "RandomShooting"),
        Bad<ArgumentNullException>("LatentPlanningTransformer.Save(ModelSaveContext)", "null", () => ((ICanSaveModel)Planner()).Save(null!), "ctx"),
        Bad<ArgumentNullException>(Open, "no planner", () => Samples.Rl.Diagnostics.OpenLoop(null!, new DotLineEnvironment()), "planner"),
        Bad<ArgumentNullException>(Open, "no environment", () => Samples.Rl.Diagnostics.OpenLoop(Planner(), null!), "environment"),
        Bad<ArgumentException>(Open, "no pictures", () => Samples.Rl.Diagnostics.OpenLoop(Planner(), Samples.Environment()), "no frames"),
        Bad<ArgumentOutOfRangeException>(
            Open, "nothing seen", () => Samples.Rl.Diagnostics.OpenLoop(Planner(), new DotLineEnvironment(), seen: 0), "seen"),
        Bad<ArgumentOutOfRangeException>(
            Open, "fewer steps than seen", () => Samples.Rl.Diagnostics.OpenLoop(Planner(), new DotLineEnvironment(), seen: 5, steps: 4), "steps"),
    ];

    private static PlaNetTrainer.Options Tiny() => new() { Steps = 8, InitialExplorationSteps = 6, UpdatesPerFit = 1, Seed = 1 };

    private static PlaNetTrainer Made(IEnvironment? environment = null, PlaNetTrainer.Options? options = null) =>
        Samples.Rl.PlaNet(environment ?? new DotLineEnvironment(), options ?? Tiny());

    private static RecurrentStateSpaceTrainer Rssm() => Samples.Rl.Dynamics.RecurrentStateSpace(DotLineWorld.Tiny());

    private static PlaNetTrainer.Options Saved() => new()
    {
        Steps = 8,
        InitialExplorationSteps = 6,
        Checkpoints = new Checkpointing { Folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()) },
    };

    private static RecurrentStateSpaceLearner Learner() => DotLineWorld.Learner(DotLineWorld.Tiny());

    private static LatentPlanningTransformer Planner() => Samples.Rl.Policies.LatentPlanner(Learner().Model, Actions);

    private sealed class Unsaved : ILatentDynamicsEstimator
    {
        public ILatentDynamicsLearner CreateLearner(FrameShape frames, BoxSpace actionSpace, int seed, string? device = null) => new Learner();

        private sealed class Learner : ILatentDynamicsLearner
        {
            private readonly RecurrentStateSpaceLearner _inner = PlaNetCases.Learner();

            public ILatentDynamicsModel Model => _inner.Model;

            public void Update(EpisodePool episodes) => _inner.Update(episodes);

            public IReadOnlyDictionary<string, double> TakeMetrics() => _inner.TakeMetrics();

            public void ThrowIfDiverged() => _inner.ThrowIfDiverged();

            public ILatentDynamicsModel CopyModel() => _inner.CopyModel();

            public void Dispose() => _inner.Dispose();
        }
    }

    private sealed class Nothing
    {
        public float Other { get; set; }
    }
}
