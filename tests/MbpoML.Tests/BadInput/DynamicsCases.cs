using MbpoML.Data;
using MbpoML.Dynamics.Adapters;
using MbpoML.Dynamics.Adapters.Bootstrap;
using MbpoML.Dynamics.Ensemble;
using Microsoft.ML;
using Microsoft.ML.Transforms;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Dynamics models of other parts than they need, and asked about batches that do not fit.</summary>
internal static class DynamicsCases
{
    private const string Regression = "DynamicsCatalog.Regression(Func<string, IEstimator<ITransformer>>, IEstimator<ITransformer>, TransitionColumns)";
    private const string Bootstrap = "DynamicsCatalog.Bootstrap(int, Func<string, IEstimator<ITransformer>>, IEstimator<ITransformer>, TransitionColumns)";
    private const string Load = "DynamicsCatalog.Load(string)";
    private const string Numbers = "DynamicsCatalog.ProbabilisticEnsemble(int, int, IReadOnlyList<int>, TransitionColumns)";
    private const string Homoscedastic = "DynamicsCatalog.HomoscedasticEnsemble(HomoscedasticEnsembleTrainer.Options, TransitionColumns)";
    private const string Options = "DynamicsCatalog.ProbabilisticEnsemble(ProbabilisticEnsembleTrainer.Options, TransitionColumns)";
    private const string Adapter = "TransformerDynamicsModel(ITransformer, TransitionLayout, TransitionColumns)";
    private const string Draw = "TransformerDynamicsModel.Sample(Tensor, Tensor, Generator)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentOutOfRangeException>(
            Numbers, "no member", () => Samples.Rl.Dynamics.ProbabilisticEnsemble(memberCount: 0), "MemberCount", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(
            Numbers, "more elites than members", () => Samples.Rl.Dynamics.ProbabilisticEnsemble(2, 3), "EliteCount", "Actual value was 3"),
        Bad<ArgumentOutOfRangeException>(Numbers, "a layer of none", () => Samples.Rl.Dynamics.ProbabilisticEnsemble(hiddenSizes: [0]), "HiddenSizes", "[0]"),
        Bad<ArgumentNullException>(Options, "null", () => Samples.Rl.Dynamics.ProbabilisticEnsemble((ProbabilisticEnsembleTrainer.Options)null!), "options"),
        Bad<ArgumentException>(Options, "a name used twice",
            () => Samples.Rl.Dynamics.ProbabilisticEnsemble(Samples.TinyEnsemble(), new() { Action = "Reward" }), "'Reward'"),
        Bad<ArgumentOutOfRangeException>(
            Homoscedastic, "one member", () => Samples.Rl.Dynamics.HomoscedasticEnsemble(new() { MemberCount = 1 }), "MemberCount", "Actual value was 1"),
        Bad<ArgumentException>(Homoscedastic, "a name used twice",
            () => Samples.Rl.Dynamics.HomoscedasticEnsemble(columns: new() { Action = "Reward" }), "'Reward'"),
        Bad<ArgumentNullException>(Regression, "no trainer", () => Samples.Rl.Dynamics.Regression(null!), "trainer"),
        Bad<InvalidOperationException>(
            Regression, "a trainer that is null", () => Samples.Rl.Dynamics.Regression(_ => null!).Fit(Samples.View()), "returned null"),
        Bad<InvalidOperationException>(Regression, "no regression",
            () => Samples.Rl.Dynamics.Regression(label => Samples.ML.Transforms.CopyColumns("Copy", label)).Fit(Samples.View()), "'Score'", "none"),
        Bad<ArgumentException>(Regression, "a name used twice",
            () => Samples.Rl.Dynamics.Regression(_ => null!, null, new() { Action = "Reward" }), "'Reward'"),
        Bad<InvalidOperationException>(
            Regression, "a trainer that fails", () => Samples.Rl.Dynamics.Regression(label => Samples.ML.Regression.Trainers.Sdca("Nothing"))
                .Fit(Samples.View()), "the reward", "SdcaRegressionTrainer"),
        Bad<ArgumentOutOfRangeException>(Bootstrap, "one member", () => Samples.Rl.Dynamics.Bootstrap(1, _ => null!), "members", "Actual value was 1"),
        Bad<ArgumentNullException>(Bootstrap, "no trainer", () => Samples.Rl.Dynamics.Bootstrap(2, null!), "trainer"),
        Bad<InvalidOperationException>(
            Bootstrap, "a trainer that is null", () => Samples.Rl.Dynamics.Bootstrap(2, _ => null!).Fit(Samples.View()), "returned null", "member 0"),
        Bad<InvalidOperationException>(Bootstrap, "no regression",
            () => Samples.Rl.Dynamics.Bootstrap(2, label => Samples.ML.Transforms.CopyColumns("Copy", label)).Fit(Samples.View()), "'Score'", "none"),
        Bad<ArgumentException>(Bootstrap, "a name used twice",
            () => Samples.Rl.Dynamics.Bootstrap(2, _ => null!, null, new() { Action = "Reward" }), "'Reward'"),
        Bad<ArgumentNullException>(Load, "no path", () => Samples.Rl.Dynamics.Load(null!), "path"),
        Bad<ArgumentException>(Load, "an empty path", () => Samples.Rl.Dynamics.Load(""), "path"),
        Bad<FileNotFoundException>(Load, "no such file", () => Samples.Rl.Dynamics.Load("nowhere.zip"), "nowhere.zip"),
        Bad<InvalidDataException>(Load, "no model", () => Samples.Rl.Dynamics.Load(typeof(DynamicsCases).Assembly.Location), ".dll"),
        Bad<ArgumentNullException>("BootstrapTransformer.Transform(IDataView)", "null", () => Bootstrapped.Value.Transform(null!), "input"),
        Bad<ArgumentOutOfRangeException>(
            "BootstrapTransformer.Transform(IDataView)", "no Action", () => Bootstrapped.Value.Transform(Samples.View(without: "Action")), "'Action'"),
        Bad<ArgumentNullException>(
            "BootstrapTransformer.GetOutputSchema(DataViewSchema)", "null", () => Bootstrapped.Value.GetOutputSchema(null!), "inputSchema"),
        Bad<ArgumentOutOfRangeException>("BootstrapTransformer.GetOutputSchema(DataViewSchema)", "no Action",
            () => Bootstrapped.Value.GetOutputSchema(Samples.View(without: "Action").Schema), "'Action'"),
        Bad<ArgumentNullException>(
            "BootstrapTransformer.GetRowToRowMapper(DataViewSchema)", "null", () => Bootstrapped.Value.GetRowToRowMapper(null!), "inputSchema"),
        Bad<ArgumentOutOfRangeException>("BootstrapTransformer.GetRowToRowMapper(DataViewSchema)", "no Action",
            () => Bootstrapped.Value.GetRowToRowMapper(Samples.View(without: "Action").Schema), "'Action'"),
        Bad<ArgumentNullException>("BootstrapTransformer.Save(ModelSaveContext)", "null", () => ((ICanSaveModel)Bootstrapped.Value).Save(null!), "ctx"),
        Bad<ArgumentNullException>(Adapter, "no transformer", () => _ = new TransformerDynamicsModel(null!, Samples.Layout), "transformer"),
        Bad<ArgumentNullException>(Adapter, "no layout", () => _ = new TransformerDynamicsModel(Samples.Dynamics, null!), "layout"),
        Bad<ArgumentException>(Adapter, "a transformer that predicts nothing", () => _ = new TransformerDynamicsModel(Copying(), Samples.Layout),
            "PredictedReward", "'Copy'"),
        Bad<ArgumentException>(Adapter, "a model of other sizes", () => _ = new TransformerDynamicsModel(Samples.Dynamics, new TransitionLayout(3, 1)),
            "'Observation'", "3 values"),
        Bad<ArgumentException>(Adapter, "a name used twice",
            () => _ = new TransformerDynamicsModel(Samples.Dynamics, Samples.Layout, new() { Action = "Reward" }), "'Reward'"),
        .. Batches(Draw, (observation, action) => Wrapped().Sample(observation, action, Samples.Generator)),
        .. Generators(Draw, generator => Wrapped().Sample(zeros(2, 2), zeros(2, 1), generator)),
        Bad<ArgumentException>(Draw, "no rows", () => Wrapped().Sample(zeros(0, 2), zeros(0, 1), Samples.Generator), "no rows"),
        .. Batches("IDynamicsModel.Sample(Tensor, Tensor, Generator)",
            (observation, action) => Samples.Dynamics.Model.Sample(observation, action, Samples.Generator)),
        .. Generators("IDynamicsModel.Sample(Tensor, Tensor, Generator)", generator => Samples.Dynamics.Model.Sample(zeros(2, 2), zeros(2, 1), generator)),
        .. Batches("IEnsembleDynamicsModel.Predict(Tensor, Tensor)", (observation, action) => Samples.Dynamics.Model.Predict(observation, action)),
        .. Batches("IEnsembleDynamicsModel.PredictMembers(Tensor, Tensor)",
            (observation, action) => Samples.Dynamics.Model.PredictMembers(observation, action)),
    ];

    private static readonly Lazy<BootstrapTransformer> Bootstrapped = new(
        () => Samples.Rl.Dynamics.Bootstrap(2, label => Samples.ML.Regression.Trainers.OnlineGradientDescent(label)).Fit(Samples.View()));

    private static TransformerDynamicsModel Wrapped() => new(Samples.Dynamics, Samples.Layout);

    private static ColumnCopyingTransformer Copying() => Samples.ML.Transforms.CopyColumns("Copy", "Action").Fit(Samples.View());

    private static IEnumerable<BadCase> Generators(string member, Action<Generator> draw) =>
    [
        Bad<ArgumentNullException>(member, "no generator", () => draw(null!), "generator"),
        Bad<ObjectDisposedException>(member, "a disposed generator", () => draw(Samples.DisposedGenerator()), "generator"),
    ];

    private static IEnumerable<BadCase> Batches(string member, Action<Tensor, Tensor> use) =>
    [
        Bad<ArgumentNullException>(member, "no observations", () => use(null!, zeros(2, 1)), "observation"),
        Bad<ArgumentNullException>(member, "no actions", () => use(zeros(2, 2), null!), "action"),
        Bad<ArgumentException>(member, "wider observations", () => use(zeros(2, 3), zeros(2, 1)), "observation", "[2, 3]"),
        Bad<ArgumentException>(member, "an action without its batch", () => use(zeros(2, 2), zeros(2)), "action", "[2]"),
        Bad<ArgumentException>(member, "fewer actions", () => use(zeros(2, 2), zeros(1, 1)), "2 observations", "1 actions"),
        Bad<ArgumentException>(member, "doubles", () => use(zeros(2, 2, float64), zeros(2, 1)), "observation", "Float64"),
        Bad<ObjectDisposedException>(member, "disposed observations", () => use(Samples.Disposed(2, 2), zeros(2, 1)), "observation"),
    ];
}
