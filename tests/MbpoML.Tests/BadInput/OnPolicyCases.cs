using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Policies.Proximal;
using MbpoML.Policies.TrustRegion;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Learners from whole episodes with settings and episodes that cannot be right.</summary>
internal static class OnPolicyCases
{
    private const string Update = "IEpisodeLearner.Update(ImaginedEpisodes)";
    private static readonly OptionCases<TrustRegionTrainer.Options> TrustRegion = new(
        "TrustRegionTrainer.Options", options => Samples.Rl.Policies.TrustRegion(options));
    private static readonly OptionCases<ProximalTrainer.Options> Proximal = new(
        "ProximalTrainer.Options", options => Samples.Rl.Policies.Proximal(options));
    private static readonly OptionCases<TrustRegionTrainer.Options> Shared = new("OnPolicyOptions", options => Samples.Rl.Policies.TrustRegion(options));

    public static IEnumerable<BadCase> All =>
    [
        Shared.Refused<ArgumentNullException>("HiddenSizes", "null", options => options.HiddenSizes = null!),
        Shared.Refused<ArgumentOutOfRangeException>("HiddenSizes", "empty", options => options.HiddenSizes = [], "Actual value was []"),
        .. Shared.Numbers("InitialLogDeviation", (options, value) => options.InitialLogDeviation = value, -21, 3, double.NaN),
        Shared.AtLeast(1, "EpisodesPerUpdate", (options, value) => options.EpisodesPerUpdate = value),
        Shared.AtLeast(1, "EpisodeSteps", (options, value) => options.EpisodeSteps = value),
        .. Shared.Numbers("Discount", (options, value) => options.Discount = value, -0.1, 1.1, double.NaN),
        .. Shared.Numbers("Lambda", (options, value) => options.Lambda = value, -0.1, 1.1, double.NaN),
        Shared.AtLeast(1, "Updates", (options, value) => options.Updates = value),
        Shared.Refused<ArgumentException>("ActionSpace", "an infinite bound", options => options.ActionSpace = BoxSpace.Unbounded(1), "finite bounds"),
        Shared.Refused<ArgumentException>("Device", "unknown", options => options.Device = "tpu9", "'tpu9'"),
        Shared.Refused<ArgumentNullException>("OutputColumnName", "null", options => options.OutputColumnName = null!),
        Shared.Refused<ArgumentException>("OutputColumnName", "blank", options => options.OutputColumnName = " "),
        .. TrustRegion.Numbers("DivergenceBound", (options, value) => options.DivergenceBound = value, 0, -1, double.NaN, double.PositiveInfinity),
        TrustRegion.AtLeast(1, "ConjugateGradientSteps", (options, value) => options.ConjugateGradientSteps = value),
        .. TrustRegion.Numbers("Damping", (options, value) => options.Damping = value, -1, double.NaN),
        .. TrustRegion.Numbers("FisherShare", (options, value) => options.FisherShare = value, 0, 1.1, double.NaN),
        TrustRegion.AtLeast(1, "Backtracks", (options, value) => options.Backtracks = value),
        .. Maker(
            "PolicyCatalog.TrustRegion(TrustRegionTrainer.Options, TransitionColumns)", columns => Samples.Rl.Policies.TrustRegion(columns: columns),
            () => Samples.Rl.Policies.TrustRegion(new() { Backtracks = 0 })),
        .. Learner("TrustRegionTrainer", () => Samples.Rl.Policies.TrustRegion(Tiny())),
        .. Updates(Update, () => Samples.Rl.Policies.TrustRegion(Tiny())),
        .. Proximal.Numbers("Clip", (options, value) => options.Clip = value, 0, -1, double.NaN, double.PositiveInfinity),
        Proximal.AtLeast(1, "Epochs", (options, value) => options.Epochs = value),
        Proximal.AtLeast(1, "BatchSize", (options, value) => options.BatchSize = value),
        .. Proximal.Numbers("LearningRate", (options, value) => options.LearningRate = value, 0, -1, double.NaN),
        .. Proximal.Numbers("DivergenceBound", (options, value) => options.DivergenceBound = value, 0, -1, double.NaN),
        .. Proximal.Numbers("GradientClipping", (options, value) => options.GradientClipping = value, 0, -1, double.NaN),
        .. Proximal.Numbers("EntropyCoefficient", (options, value) => options.EntropyCoefficient = value, -0.1, double.NaN),
        .. Maker(
            "PolicyCatalog.Proximal(ProximalTrainer.Options, TransitionColumns)", columns => Samples.Rl.Policies.Proximal(columns: columns),
            () => Samples.Rl.Policies.Proximal(new() { Epochs = 0 })),
        .. Learner("ProximalTrainer", () => Samples.Rl.Policies.Proximal(TinyProximal())),
    ];

    public static ProximalTrainer.Options TinyProximal() => new()
    {
        HiddenSizes = [4],
        EpisodesPerUpdate = 3,
        EpisodeSteps = 2,
        Updates = 2,
        Seed = 1,
        Dynamics = Samples.Rl.Dynamics.ProbabilisticEnsemble(Samples.TinyEnsemble()),
    };

    public static TrustRegionTrainer.Options Tiny() => new()
    {
        HiddenSizes = [4],
        EpisodesPerUpdate = 3,
        EpisodeSteps = 2,
        Updates = 2,
        Seed = 1,
        Dynamics = Samples.Rl.Dynamics.ProbabilisticEnsemble(Samples.TinyEnsemble()),
    };

    private static IEnumerable<BadCase> Maker(string member, Action<TransitionColumns> make, Action outOfRange) =>
    [
        Bad<ArgumentException>(member, "a name used twice", () => make(new() { Action = "Reward" }), "'Reward'"),
        Bad<ArgumentOutOfRangeException>(member, "an option out of range", outOfRange, "Actual value was 0"),
    ];

    private static IEnumerable<BadCase> Learner(string trainer, Func<IPolicyEstimator> make)
    {
        var create = $"{trainer}.CreateLearner(TransitionLayout, BoxSpace, int, string)";
        return
        [
            Bad<ArgumentNullException>(create, "no layout", () => make().CreateLearner(null!, Samples.Actions, 1), "layout"),
            Bad<ArgumentNullException>(create, "no actions", () => make().CreateLearner(Samples.Layout, null!, 1), "actionSpace"),
            Bad<ArgumentException>(create, "two actions", () => make().CreateLearner(Samples.Layout, BoxSpace.Uniform(2, -1, 1), 1), "2 dimensions", "have 1"),
            Bad<ArgumentException>(create, "no bounds", () => make().CreateLearner(Samples.Layout, BoxSpace.Unbounded(1), 1), "infinite bound"),
            Bad<ArgumentException>($"{trainer}.Fit(IDataView)", "one row", () => make().Fit(Samples.View(1)), "at least 2"),
        ];
    }

    private static IEnumerable<BadCase> Updates(string member, Func<IPolicyEstimator> make) =>
    [
        Bad<ArgumentNullException>(member, "null", () => Given(make, _ => null!), "episodes"),
        Bad<ArgumentException>(member, "no rows", () => Given(make, rows => Episodes(rows.narrow(0, 0, 0), zeros(0, int64))), "no rows"),
        Bad<ArgumentException>(member, "NaN", () => Given(make, rows => Episodes(rows.fill_(double.NaN), zeros(2, int64))), "[0, 0] is NaN"),
        Bad<ArgumentException>(member, "another width", () => Given(make, rows => Episodes(zeros(2, 2), zeros(2, int64))), "episodes"),
        Bad<ArgumentException>(member, "no such episode", () => Given(make, rows => Episodes(rows, ones(2, int64))), "episode 1", "1 episodes"),
        Bad<ArgumentException>(member, "another layout of the same width",
            () => Given(make, rows => new(new TransitionLayout(Samples.Layout.ObservationSize - 1, Samples.Layout.ActionSize + 2), rows, zeros(2, int64), 1)),
            "but the policy"),
        Bad<ArgumentException>(member, "no layout", () => Given(make, rows => new(null!, rows, zeros(2, int64), 1)), "but the policy"),
        Bad<ArgumentException>(member, "less than no episodes", () => Given(make, rows => new(Samples.Layout, rows, zeros(2, int64), -1)), "-1 episodes"),
        Bad<ArgumentException>("IEpisodeLearner.Look(Tensor)", "another width", () => Seen(make, zeros(2, 2)), "rows"),
        Bad<ArgumentNullException>("IEpisodeLearner.Look(Tensor)", "null", () => Seen(make, null!), "rows"),
        Bad<ArgumentException>("IEpisodeLearner.Look(Tensor)", "NaN", () => Seen(make, full([2, Samples.Layout.Width], float.NaN)), "NaN"),
        Bad<ArgumentException>(member, "too few numbers", () => Given(make, rows => Episodes(rows, zeros(1, int64))), "Int64 [2]"),
    ];

    private static ImaginedEpisodes Episodes(Tensor rows, Tensor numbers) => new(Samples.Layout, rows, numbers, 1);

    private static void Seen(Func<IPolicyEstimator> make, Tensor rows)
    {
        using var learner = (IEpisodeLearner)make().CreateLearner(Samples.Layout, Samples.Actions, 1);
        learner.Look(rows);
    }

    private static void Given(Func<IPolicyEstimator> make, Func<Tensor, ImaginedEpisodes> episodes)
    {
        using var scope = NewDisposeScope();
        using var learner = (IEpisodeLearner)make().CreateLearner(Samples.Layout, Samples.Actions, 1);
        learner.Update(episodes(zeros(2, Samples.Layout.Width)));
    }
}
