using MbpoML.Algorithms.Offline;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Training;
using Microsoft.ML;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Logs, settings and policies of offline learning that cannot be right.</summary>
internal static class OfflineCases
{
    private const string JudgeOf = "OfflineCatalog.JudgeOf(IDataView, OfflineJudge.Options, IDynamicsEstimator)";
    private const string Judge = "OfflineCatalog.Judge(IDataView, IPolicy, OfflineJudge.Options, IDynamicsEstimator)";
    private const string Choose = "OfflineCatalog.ChooseOnline(IReadOnlyList<IPolicy>, IEnvironment, int, double, int, int, CancellationToken)";

    private static readonly OptionCases<BehaviorCloningTrainer.Options> Any = new("OfflineOptions", options => Samples.Rl.Offline.BehaviorCloning(options));
    private static readonly OptionCases<MopoTrainer.Options> Imagining = new("ImaginingOptions", options => Samples.Rl.Offline.Mopo(options));
    private static readonly OptionCases<BehaviorCloningTrainer.Options> Networks =
        new("ModelFreeOptions", options => Samples.Rl.Offline.BehaviorCloning(options));
    private static readonly OptionCases<IqlTrainer.Options> Critics = new("CriticOptions", options => Samples.Rl.Offline.Iql(options));
    private static readonly OptionCases<BehaviorCloningTrainer.Options> Cloning =
        new("BehaviorCloningTrainer.Options", options => Samples.Rl.Offline.BehaviorCloning(options));
    private static readonly OptionCases<TD3BCTrainer.Options> Td3 = new("TD3BCTrainer.Options", options => Samples.Rl.Offline.TD3BC(options));
    private static readonly OptionCases<IqlTrainer.Options> Iql = new("IqlTrainer.Options", options => Samples.Rl.Offline.Iql(options));
    private static readonly OptionCases<MopoTrainer.Options> Mopo = new("MopoTrainer.Options", options => Samples.Rl.Offline.Mopo(options));
    private static readonly OptionCases<MorelTrainer.Options> Morel = new("MorelTrainer.Options", options => Samples.Rl.Offline.Morel(options));
    private static readonly OptionCases<MobileTrainer.Options> Mobile = new("MobileTrainer.Options", options => Samples.Rl.Offline.Mobile(options));
    private static readonly OptionCases<OfflineJudge.Options> Judging =
        new("OfflineJudge.Options", options => Samples.Rl.Offline.JudgeOf(Samples.View(), options));

    public static IEnumerable<BadCase> All =>
    [
        .. Trainers, .. Made, .. OfAny, .. OfCloning, .. OfTd3, .. OfIql, .. OfModels, .. OfJudge, .. Verdicts, .. Choices,
        Bad<ArgumentNullException>("OfflinePreset(string)", "no name", () => _ = new OfflinePreset(null!), "algorithm"),
        Bad<ArgumentException>("OfflinePreset(string)", "an unknown one", () => _ = new OfflinePreset("cql"), "'cql'", "mobile"),
        Bad<ArgumentNullException>("OfflinePreset.Set(string)", "null", () => new OfflinePreset("bc").Set(null!), "assignment"),
        Bad<ArgumentException>("OfflinePreset.Set(string)", "no value", () => new OfflinePreset("bc").Set("Options.Updates"), "no assignment"),
        Bad<ArgumentException>("OfflinePreset.Set(string)", "no such option", () => new OfflinePreset("bc").Set("Options.Update=3"), "Options.Updates"),
        Bad<ArgumentException>("OfflinePreset.Set(string)", "no number", () => new OfflinePreset("bc").Set("Options.Updates=many"), "'many'"),
    ];

    private static IEnumerable<BadCase> Trainers => ((string Name, IOfflineTrainer Trainer)[])[
        ("BehaviorCloningTrainer", Samples.Rl.Offline.BehaviorCloning()), ("TD3BCTrainer", Samples.Rl.Offline.TD3BC()),
        ("IqlTrainer", Samples.Rl.Offline.Iql()), ("MopoTrainer", Samples.Rl.Offline.Mopo()), ("MorelTrainer", Samples.Rl.Offline.Morel()),
        ("MobileTrainer", Samples.Rl.Offline.Mobile())] is var trainers
        ? trainers.SelectMany(one => (BadCase[])[
            Bad<ArgumentNullException>($"{one.Name}.Fit(IDataView)", "null", () => one.Trainer.Fit(null!), "input"),
            Bad<ArgumentOutOfRangeException>($"{one.Name}.Fit(IDataView)", "other columns", () => one.Trainer.Fit(Empty), "Observation"),
            Bad<ArgumentNullException>($"{one.Name}.Train(IDataView)", "null", () => one.Trainer.Train(null!), "log"),
            Bad<ArgumentOutOfRangeException>($"{one.Name}.Train(IDataView)", "other columns", () => one.Trainer.Train(Empty), "Observation"),
            Bad<ArgumentException>($"{one.Name}.Train(IDataView)", "a single row", () => one.Trainer.Train(Rows(1)), "at least 2"),
            Bad<ArgumentException>($"{one.Name}.Train(IDataView)", "an action that never changes", () => one.Trainer.Train(Rows(3)), "Action 0", "always 0"),
            Bad<ArgumentNullException>($"{one.Name}.GetOutputSchema(SchemaShape)", "null", () => one.Trainer.GetOutputSchema(null!), "inputSchema"),
            Bad<ArgumentOutOfRangeException>(
                $"{one.Name}.GetOutputSchema(SchemaShape)", "no observations", () => one.Trainer.GetOutputSchema(new SchemaShape([])), "Observation"),
        ]) : [];

    private static IEnumerable<BadCase> Made =>
    [
        Bad<ArgumentOutOfRangeException>(
            "OfflineCatalog.BehaviorCloning(BehaviorCloningTrainer.Options)", "no updates", () => Samples.Rl.Offline.BehaviorCloning(new() { Updates = 0 }),
            "Updates"),
        Bad<ArgumentOutOfRangeException>(
            "OfflineCatalog.TD3BC(TD3BCTrainer.Options)", "no updates", () => Samples.Rl.Offline.TD3BC(new() { Updates = 0 }), "Updates"),
        Bad<ArgumentOutOfRangeException>(
            "OfflineCatalog.Iql(IqlTrainer.Options)", "no updates", () => Samples.Rl.Offline.Iql(new() { Updates = 0 }), "Updates"),
        Bad<ArgumentOutOfRangeException>(
            "OfflineCatalog.Mopo(MopoTrainer.Options, IDynamicsEstimator, IPolicyEstimator)", "no updates",
            () => Samples.Rl.Offline.Mopo(new() { Updates = 0 }), "Updates"),
        Bad<ArgumentOutOfRangeException>(
            "OfflineCatalog.Morel(MorelTrainer.Options, IDynamicsEstimator, IPolicyEstimator)", "no updates",
            () => Samples.Rl.Offline.Morel(new() { Updates = 0 }), "Updates"),
        Bad<ArgumentOutOfRangeException>(
            "OfflineCatalog.Mobile(MobileTrainer.Options, IDynamicsEstimator, IPolicyEstimator)", "no updates",
            () => Samples.Rl.Offline.Mobile(new() { Updates = 0 }), "Updates"),
        Bad<ArgumentNullException>("OfflineCatalog.Trainer(OfflinePreset)", "null", () => Samples.Rl.Offline.Trainer(null!), "preset"),
    ];

    private static IEnumerable<BadCase> OfAny =>
    [
        Any.AtLeast(1, "Updates", (options, value) => options.Updates = value),
        Any.AtLeast(1, "EpochLength", (options, value) => options.EpochLength = value),
        Any.AtLeast(1, "BatchSize", (options, value) => options.BatchSize = value),
        Any.Refused<ArgumentException>("ActionSpace", "an infinite bound", options => options.ActionSpace = BoxSpace.Unbounded(1), "infinite"),
        Any.Refused<ArgumentNullException>("Columns", "null", options => options.Columns = null!),
        Any.Refused<ArgumentNullException>("SetPoints", "null", options => options.SetPoints = null!),
        Any.Refused<ArgumentOutOfRangeException>("SetPoints", "a negative one", options => options.SetPoints = [-1], "-1"),
        Any.Refused<ArgumentException>("SetPoints", "one twice", options => options.SetPoints = [0, 0], "[0, 0]"),
        Bad<ArgumentException>(
            "OfflineOptions.SetPoints", "beyond the observation", () => Samples.Rl.Offline.Mopo(new() { SetPoints = [99] }).Train(Samples.View()), "99"),
        Any.Refused<ArgumentException>("Checkpoints", "no folder", options => options.Checkpoints = new Checkpointing(), "Folder"),
        Any.Refused<ArgumentNullException>("MetricsWriters", "null", options => options.MetricsWriters = null!),
        Any.Refused<ArgumentException>("MetricsWriters", "one that is null", options => options.MetricsWriters = [null!]),
        Bad<ArgumentException>(
            "OfflineOptions.Reward", "not a number",
            () => Samples.Rl.Offline.BehaviorCloning(new() { Reward = RewardFunction.FromRow((_, _, _) => float.NaN) }).Train(Samples.View()),
            "NaN for row 0", "observation [", "leave out the rows"),
        Bad<ArgumentException>(
            "OfflineOptions.ActionSpace", "narrower than the log",
            () => Samples.Rl.Offline.BehaviorCloning(new() { ActionSpace = BoxSpace.Uniform(1, -1e-3, 1e-3) }).Train(Samples.View()), "ActionSpace allows"),
        Bad<ArgumentException>(
            "OfflineOptions.ActionSpace", "of another size",
            () => Samples.Rl.Offline.BehaviorCloning(new() { ActionSpace = BoxSpace.Uniform(2, -1, 1) }).Train(Samples.View()), "ActionSpace has 2"),
    ];

    private static IEnumerable<BadCase> OfCloning =>
    [
        Networks.Refused<ArgumentOutOfRangeException>("HiddenSizes", "empty", options => options.HiddenSizes = []),
        Networks.Refused<ArgumentNullException>("HiddenSizes", "null", options => options.HiddenSizes = null!),
        .. Networks.Numbers("LearningRate", (options, value) => options.LearningRate = value, 0, double.NaN),
        .. Cloning.Numbers("HoldoutRatio", (options, value) => options.HoldoutRatio = value, -0.1, 0.95, double.NaN),
        Cloning.AtLeast(1, "Patience", (options, value) => options.Patience = value),
    ];

    private static IEnumerable<BadCase> OfTd3 =>
    [
        .. Td3.Numbers("Alpha", (options, value) => options.Alpha = value, -1, double.NaN),
        .. Td3.Numbers("TargetNoise", (options, value) => options.TargetNoise = value, -1, double.NaN),
        .. Td3.Numbers("NoiseClip", (options, value) => options.NoiseClip = value, -1, double.NaN),
        Td3.AtLeast(1, "PolicyDelay", (options, value) => options.PolicyDelay = value),
    ];

    private static IEnumerable<BadCase> OfIql =>
    [
        .. Critics.Numbers("Discount", (options, value) => options.Discount = value, -0.1, 1.1, double.NaN),
        .. Critics.Numbers("TargetSmoothing", (options, value) => options.TargetSmoothing = value, 0, 1.1, double.NaN),
        .. Iql.Numbers("Expectile", (options, value) => options.Expectile = value, 0.4, 1, double.NaN),
        .. Iql.Numbers("Temperature", (options, value) => options.Temperature = value, -1, double.NaN),
        .. Iql.Numbers("MaxWeight", (options, value) => options.MaxWeight = value, 0, double.NaN),
    ];

    private static IEnumerable<BadCase> OfModels =>
    [
        Imagining.AtLeast(1, "RolloutLength", (options, value) => options.RolloutLength = value),
        Imagining.AtLeast(1, "RolloutBatchSize", (options, value) => options.RolloutBatchSize = value),
        Imagining.AtLeast(1, "RolloutInterval", (options, value) => options.RolloutInterval = value),
        Imagining.AtLeast(1, "RetainedRollouts", (options, value) => options.RetainedRollouts = value),
        .. Imagining.Numbers("RealRatio", (options, value) => options.RealRatio = value, -0.1, 1.1, double.NaN),
        .. Mopo.Numbers("Penalty", (options, value) => options.Penalty = value, -1, double.NaN),
        Mopo.Refused<ArgumentOutOfRangeException>("Uncertainty", "undefined", options => options.Uncertainty = (ModelUncertainty)9, "LargestDeviation"),
        .. Morel.Numbers("PessimismCoefficient", (options, value) => options.PessimismCoefficient = value, 0, double.NaN),
        Morel.AtLeast(1, "HaltSteps", (options, value) => options.HaltSteps = value),
        .. Mobile.Numbers("Penalty", (options, value) => options.Penalty = value, -1, double.NaN),
        .. Mobile.Outside(0, 1000, "Samples", (options, value) => options.Samples = value),
    ];

    private static IEnumerable<BadCase> OfJudge =>
    [
        Judging.AtLeast(1, "Horizon", (options, value) => options.Horizon = value),
        .. Judging.Numbers("Discount", (options, value) => options.Discount = value, -0.1, 1.1, double.NaN),
        Judging.AtLeast(2, "FittedQSeeds", (options, value) => options.FittedQSeeds = value),
        Judging.AtLeast(1, "FittedQUpdates", (options, value) => options.FittedQUpdates = value),
        .. Judging.Numbers("FittedQLearningRate", (options, value) => options.FittedQLearningRate = value, 0, double.NaN),
        Judging.AtLeast(1, "BatchSize", (options, value) => options.BatchSize = value),
        Judging.AtLeast(1, "CloneUpdates", (options, value) => options.CloneUpdates = value),
        .. Judging.Numbers("HoldoutRatio", (options, value) => options.HoldoutRatio = value, 0, 0.6, double.NaN),
        .. Judging.Numbers("ProvenCorrelation", (options, value) => options.ProvenCorrelation = value, -0.1, 1.1, double.NaN),
        Judging.Refused<ArgumentNullException>("SetPoints", "null", options => options.SetPoints = null!),
        Judging.Refused<ArgumentOutOfRangeException>("SetPoints", "a negative one", options => options.SetPoints = [-1], "-1"),
        Judging.Refused<ArgumentException>("SetPoints", "beyond the observation", options => options.SetPoints = [99], "99"),
        Judging.AtLeast(2, "MaxStarts", (options, value) => options.MaxStarts = value),
        .. Judging.Numbers("MaxOutside", (options, value) => options.MaxOutside = value, -0.1, 1.1, double.NaN),
        .. Judging.Numbers("LeastCoverage", (options, value) => options.LeastCoverage = value, -0.1, 1.1, double.NaN),
        Judging.Refused<ArgumentNullException>("Columns", "null", options => options.Columns = null!),
    ];

    private static IEnumerable<BadCase> Verdicts =>
    [
        Bad<ArgumentNullException>(JudgeOf, "no log", () => Samples.Rl.Offline.JudgeOf(null!), "log"),
        Bad<ArgumentOutOfRangeException>(JudgeOf, "other columns", () => Samples.Rl.Offline.JudgeOf(Empty), "Observation"),
        Bad<ArgumentException>(JudgeOf, "a horizon beyond the episodes", () => Samples.Rl.Offline.JudgeOf(Samples.View(), new() { Horizon = 9999 }), "9999"),
        Bad<ArgumentNullException>(Judge, "no log", () => Samples.Rl.Offline.Judge(null!, Samples.SmallPolicy), "log"),
        Bad<ArgumentNullException>(Judge, "no policy", () => Samples.Rl.Offline.Judge(Samples.View(), null!), "policy"),
        Bad<ArgumentNullException>("OfflineJudge.Judge(IPolicy)", "null", () => Tiny(judge => judge.Judge(null!)), "policy"),
        Bad<ArgumentException>("OfflineJudge.Judge(IPolicy)", "other sizes", () => Tiny(judge => judge.Judge(Samples.Policy)), "3 observations"),
        Bad<ObjectDisposedException>("OfflineJudge.Judge(IPolicy)", "disposed", () => Tiny(judge =>
        {
            judge.Dispose();
            judge.Judge(Samples.SmallPolicy);
        })),
    ];

    private static IEnumerable<BadCase> Choices =>
    [
        Bad<ArgumentNullException>(Choose, "no candidates", () => Choice(null!), "candidates"),
        Bad<ArgumentException>(Choose, "an empty list", () => Choice([]), "at least one candidate"),
        Bad<ArgumentException>(Choose, "one that is null", () => Choice([null!]), "at least one candidate"),
        Bad<ArgumentNullException>(
            Choose, "no environment", () => Samples.Rl.Offline.ChooseOnline([Samples.SmallPolicy], null!, 3), "environment"),
        Bad<ArgumentOutOfRangeException>(Choose, "fewer episodes than candidates", () => Choice([Samples.SmallPolicy, Samples.SmallPolicy], 1), "at least 2"),
        Bad<ArgumentOutOfRangeException>(
            Choose, "a negative exploration",
            () => Samples.Rl.Offline.ChooseOnline([Samples.SmallPolicy], Samples.Environment(), 3, exploration: -1), "exploration"),
    ];

    private static IDataView Empty => Samples.ML.Data.LoadFromEnumerable([new Other()]);

    private static MbpoML.Data.Views.DenseDataView Rows(int count) => Samples.Rl.Data.FromTransitions(Enumerable.Range(0, count).Select(row => new Transition
    {
        Observation = [row, 1],
        Action = [0],
        Reward = 1,
        NextObservation = [row + 1, 1],
    }));

    private static void Choice(IReadOnlyList<MbpoML.Acting.IPolicy> candidates, int episodes = 3) =>
        Samples.Rl.Offline.ChooseOnline(candidates, Samples.Environment(), episodes);

    private static void Tiny(Action<OfflineJudge> use)
    {
        using var judge = Samples.Rl.Offline.JudgeOf(
            Samples.View(), new() { Horizon = 1, FittedQUpdates = 2, CloneUpdates = 2, BatchSize = 4, FittedQSeeds = 2 },
            Samples.Rl.Dynamics.ProbabilisticEnsemble(new MbpoML.Dynamics.Ensemble.ProbabilisticEnsembleTrainer.Options
            { MemberCount = 2, EliteCount = 2, HiddenSizes = [4], MaxEpochs = 1 }));
        use(judge);
    }

    private sealed class Other
    {
        public float Value { get; set; }
    }
}
