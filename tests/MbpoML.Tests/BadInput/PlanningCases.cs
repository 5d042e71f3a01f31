using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Tasks;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Planning;
using MbpoML.Policies.Distillation;
using MbpoML.Tests.Fakes;
using Microsoft.ML;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Planners, their optimizers and what is made of them, with what cannot be right.</summary>
internal static class PlanningCases
{
    private const string OfImagined =
        "PolicyCatalog.Planner(ImaginedEnvironment, BoxSpace, IActionSequenceOptimizer, PlanningTransformer.Options, int?)";
    private const string OfModel = "PolicyCatalog.Planner(IDynamicsModel, IEnvironment, IActionSequenceOptimizer, PlanningTransformer.Options, int?)";
    private const string Equations = "EnvironmentDynamicsModel(IEnvironment, StateFromObservation)";
    private const string Problem = "PlanningProblem(int, int, int, Func<Tensor, Tensor>, Func<Tensor, Tensor>, long?)";
    private static readonly OptionCases<PlanningTransformer.Options> Planner = new("PlanningTransformer.Options", options => Made(options).Dispose());
    private static readonly OptionCases<RandomShooting.Options> Shooting = new(
        "RandomShooting.Options", options => Samples.Rl.Planning.RandomShooting(options));
    private static readonly OptionCases<CrossEntropyMethod.Options> CrossEntropy = new(
        "CrossEntropyMethod.Options", options => Samples.Rl.Planning.CrossEntropy(options));
    private static readonly OptionCases<ImprovedCrossEntropyMethod.Options> Improved = new(
        "ImprovedCrossEntropyMethod.Options", options => Samples.Rl.Planning.ImprovedCrossEntropy(options));
    private static readonly OptionCases<PathIntegral.Options> Path = new("PathIntegral.Options", options => Samples.Rl.Planning.PathIntegral(options));
    private static readonly OptionCases<DistillationTrainer.Options> Distillation = new(
        "DistillationTrainer.Options", options => Samples.Rl.Policies.Distill(Made(), options));

    public static IEnumerable<BadCase> All =>
    [
        Planner.AtLeast(1, "Horizon", (options, value) => options.Horizon = value),
        Planner.AtLeast(1, "Particles", (options, value) => options.Particles = value),
        Planner.Refused<ArgumentOutOfRangeException>("Propagation", "fused", options => options.Propagation = Propagation.Fused, "MemberEachRollout"),
        .. Planner.Numbers("Discount", (options, value) => options.Discount = value, -0.1, 1.1, double.NaN),
        .. Planner.Numbers("RewardAfterEnd", (options, value) => options.RewardAfterEnd = value, double.NaN, double.PositiveInfinity),
        .. Planner.Numbers("MaxViolation", (options, value) => options.MaxViolation = value, -0.1, 1, double.NaN),
        Bad<InvalidOperationException>("PlanningTransformer.Options.Constraint", "one answer for all", () => PlanOnce(
            new() { Constraint = TerminationFunction.FromTensors((_, _, _) => zeros(1, 1, ScalarType.Bool)) }), "termination function"),
        Planner.Refused<ArgumentException>("MaxActionChange", "none", options => options.MaxActionChange = [], "no number"),
        Planner.Refused<ArgumentException>(
            "MaxActionChange", "of two dimensions", options => options.MaxActionChange = [1, 1], "has 2 numbers", "1 dimensions"),
        Planner.Refused<ArgumentOutOfRangeException>("MaxActionChange", "0", options => options.MaxActionChange = [0], "Actual value was 0"),
        .. Planner.Numbers("ReplanEvery", (options, value) => options.ReplanEvery = (int)value, 0, 26),
        Planner.AtLeast(1, "MaxRows", (options, value) => options.MaxRows = value),
        Bad<InvalidOperationException>("PlanningTransformer.Options.TerminalValue", "one value for all", () => PlanOnce(
            new() { TerminalValue = TerminalValue.FromTensors(_ => zeros(1, 1)) }), "The terminal value", "one value a row"),
        Bad<InvalidOperationException>("PlanningTransformer.Options.Rule", "a stop of another type", () => PlanOnce(
            new() { Rule = new NonsenseRule() }), "The rollout rule", "one value a row"),
        Shooting.AtLeast(1, "Candidates", (options, value) => options.Candidates = value),
        CrossEntropy.AtLeast(1, "Candidates", (options, value) => options.Candidates = value),
        CrossEntropy.AtLeast(1, "Elites", (options, value) => options.Elites = value),
        CrossEntropy.Refused<ArgumentOutOfRangeException>("Elites", "more than candidates", options => options.Elites = 401, "at most Candidates"),
        CrossEntropy.AtLeast(1, "Iterations", (options, value) => options.Iterations = value),
        .. CrossEntropy.Numbers("Smoothing", (options, value) => options.Smoothing = value, -0.1, 1, double.NaN),
        .. CrossEntropy.Numbers("InitialVariance", (options, value) => options.InitialVariance = value, 0, double.NaN),
        .. CrossEntropy.Numbers("LeastVariance", (options, value) => options.LeastVariance = value, -1, double.NaN),
        CrossEntropy.Refused<ArgumentOutOfRangeException>("Execute", "undefined", options => options.Execute = (PlannedSequence)9, "Mean", "Best"),
        Improved.AtLeast(1, "Candidates", (options, value) => options.Candidates = value),
        Improved.AtLeast(1, "Elites", (options, value) => options.Elites = value),
        Improved.Refused<ArgumentOutOfRangeException>("Elites", "more than candidates", options => options.Elites = 41, "at most Candidates"),
        Improved.AtLeast(1, "Iterations", (options, value) => options.Iterations = value),
        .. Improved.Numbers("Smoothing", (options, value) => options.Smoothing = value, -0.1, 1, double.NaN),
        .. Improved.Numbers("InitialDeviation", (options, value) => options.InitialDeviation = value, 0, double.NaN),
        .. Improved.Numbers("NoiseExponent", (options, value) => options.NoiseExponent = value, -0.1, double.NaN),
        .. Improved.Numbers("PopulationDecay", (options, value) => options.PopulationDecay = value, 0.9, double.NaN),
        .. Improved.Numbers("KeptElites", (options, value) => options.KeptElites = value, -0.1, 1.1, double.NaN),
        Improved.Refused<ArgumentOutOfRangeException>("Execute", "undefined", options => options.Execute = (PlannedSequence)9, "Mean", "Best"),
        Path.AtLeast(1, "Candidates", (options, value) => options.Candidates = value),
        Path.AtLeast(1, "Iterations", (options, value) => options.Iterations = value),
        .. Path.Numbers("Sharpness", (options, value) => options.Sharpness = value, 0, double.NaN),
        .. Path.Numbers("Smoothing", (options, value) => options.Smoothing = value, 0, 1.1, double.NaN),
        .. Path.Numbers("Deviation", (options, value) => options.Deviation = value, 0, double.NaN),
        .. Shooting.Numbers("Persistence", (options, value) => options.Persistence = value, -0.1, 1, double.NaN),
        Bad<ArgumentOutOfRangeException>("PlanningCatalog.RandomShooting(RandomShooting.Options)", "no candidates",
            () => Samples.Rl.Planning.RandomShooting(new() { Candidates = 0 }), "Candidates"),
        Bad<ArgumentOutOfRangeException>("PlanningCatalog.CrossEntropy(CrossEntropyMethod.Options)", "no candidates",
            () => Samples.Rl.Planning.CrossEntropy(new() { Candidates = 0 }), "Candidates"),
        Bad<ArgumentOutOfRangeException>("PlanningCatalog.ImprovedCrossEntropy(ImprovedCrossEntropyMethod.Options)", "no candidates",
            () => Samples.Rl.Planning.ImprovedCrossEntropy(new() { Candidates = 0 }), "Candidates"),
        Bad<ArgumentOutOfRangeException>("PlanningCatalog.PathIntegral(PathIntegral.Options)", "no candidates",
            () => Samples.Rl.Planning.PathIntegral(new() { Candidates = 0 }), "Candidates"),
        .. Searches(),
        Bad<ArgumentOutOfRangeException>(Problem, "no rows", () => _ = new PlanningProblem(0, 1, 1, Sum), "rows", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(Problem, "no budget", () => _ = new PlanningProblem(1, 1, 1, Sum, budget: 0), "budget", "Actual value was 0"),
        Bad<ArgumentNullException>(Problem, "nothing that values", () => _ = new PlanningProblem(1, 1, 1, null!), "evaluate"),
        Bad<ArgumentException>("PlanningProblem.Evaluate(Tensor)", "another shape", () => new PlanningProblem(1, 2, 1, Sum).Evaluate(zeros(1, 5, 3, 1)),
            "[1, 5, 3, 1]", "[1, candidates, 2, 1]"),
        Bad<ArgumentNullException>("PlanningProblem.Evaluate(Tensor)", "null", () => new PlanningProblem(1, 2, 1, Sum).Evaluate(null!), "sequences"),
        Bad<InvalidOperationException>("PlanningProblem.Evaluate(Tensor)", "one value for all",
            () => new PlanningProblem(1, 2, 1, _ => zeros(1)).Evaluate(zeros(1, 5, 2, 1)), "Float32 [1, 5]"),
        Bad<ArgumentNullException>("PlanningProblem.Restrict(Tensor)", "null", () => new PlanningProblem(1, 2, 1, Sum).Restrict(null!), "sequences"),
        Bad<ArgumentNullException>("TerminalValue.FromTensors(Func<Tensor, Tensor>)", "null", () => TerminalValue.FromTensors(null!), "value"),
        Bad<ArgumentNullException>(OfImagined, "no task", () => Samples.Rl.Policies.Planner((ImaginedEnvironment)null!, Actions), "imagined"),
        Bad<ArgumentNullException>(
            OfImagined, "no actions", () => Samples.Rl.Policies.Planner(new ImaginedEnvironment(new AdditiveModel(1)), null!), "actionSpace"),
        Bad<ArgumentException>(OfImagined, "unbounded actions",
            () => Samples.Rl.Policies.Planner(new ImaginedEnvironment(new AdditiveModel(1)), BoxSpace.Unbounded(1)), "finite action bounds"),
        Bad<ArgumentException>(OfImagined, "other actions than the model's",
            () => Samples.Rl.Policies.Planner(new ImaginedEnvironment(new AdditiveModel(1)), BoxSpace.Uniform(2, -1, 1)), "2 dimensions", "takes 1"),
        Bad<ArgumentNullException>(OfModel, "no model", () => Samples.Rl.Policies.Planner((IDynamicsModel)null!, new PointEnvironment()), "dynamics"),
        Bad<ArgumentNullException>(OfModel, "no environment", () => Samples.Rl.Policies.Planner(new AdditiveModel(1), (IEnvironment)null!), "environment"),
        Bad<ArgumentException>(OfModel, "an environment of other sizes", () => Samples.Rl.Policies.Planner(new AdditiveModel(1), new PointEnvironment()),
            "2 observations", "the model 1"),
        Bad<ArgumentException>("PlanningTransformer.Plan(Tensor, Generator)", "another size", () => Made().Plan(zeros(1, 2)), "Float32 [rows, 1]"),
        Bad<ArgumentException>("PlanningTransformer.Plan(Tensor, Generator)", "NaN", () => Made().Plan(full([1, 1], float.NaN)), "observation[0, 0]", "finite"),
        Bad<ArgumentNullException>("PlanningTransformer.Plan(Tensor, Generator)", "null", () => Made().Plan(null!), "observation"),
        Bad<LearningException>("PlanningTransformer.Plan(Tensor, Generator)", "a model that leaves the numbers", () => Lost().Plan(zeros(1, 1)),
            "fewer steps ahead"),
        Bad<ArgumentException>("PlanningTransformer.Act(Tensor)", "another size", () => Made().Act(zeros(1, 2)), "Float32 [rows, 1]"),
        Bad<ArgumentNullException>("PlanningTransformer.Act(Tensor)", "null", () => Made().Act(null!), "observation"),
        Bad<ArgumentException>("PlanningTransformer.Sample(Tensor, Generator)", "another size", () => Made().Sample(zeros(1, 2), new Generator(1)),
            "Float32 [rows, 1]"),
        Bad<ArgumentNullException>(
            "PlanningTransformer.Sample(Tensor, Generator)", "no observation", () => Made().Sample(null!, new Generator(1)), "observation"),
        Bad<ArgumentNullException>("PlanningTransformer.Sample(Tensor, Generator)", "no generator", () => Made().Sample(zeros(1, 1), null!), "generator"),
        Bad<ArgumentOutOfRangeException>("PlanningTransformer.Transform(IDataView)", "no observations", () => Made().Transform(NoColumn), "Observation"),
        Bad<ArgumentNullException>("PlanningTransformer.Transform(IDataView)", "null", () => Made().Transform(null!), "input"),
        Bad<ArgumentOutOfRangeException>(
            "PlanningTransformer.GetOutputSchema(DataViewSchema)", "no observations", () => Made().GetOutputSchema(NoColumn.Schema), "Observation"),
        Bad<ArgumentNullException>("PlanningTransformer.GetOutputSchema(DataViewSchema)", "null", () => Made().GetOutputSchema(null!), "inputSchema"),
        Bad<ArgumentOutOfRangeException>(
            "PlanningTransformer.GetRowToRowMapper(DataViewSchema)", "no observations", () => Made().GetRowToRowMapper(NoColumn.Schema), "Observation"),
        Bad<ArgumentNullException>("PlanningTransformer.GetRowToRowMapper(DataViewSchema)", "null", () => Made().GetRowToRowMapper(null!), "inputSchema"),
        Bad<ObjectDisposedException>("PlanningTransformer.NewActor()", "disposed", () =>
        {
            var planner = Made();
            planner.Dispose();
            planner.NewActor();
        }, "PlanningTransformer"),
        Bad<NotSupportedException>("PlanningTransformer.Save(ModelSaveContext)", "any file, and null", () => ((ICanSaveModel)Made()).Save(null!), "Distill"),
        Bad<ArgumentNullException>(Equations, "no environment", () => _ = new EnvironmentDynamicsModel(null!), "environment"),
        Bad<ArgumentException>(Equations, "no state", () => _ = new EnvironmentDynamicsModel(Samples.Environment()), "IStatefulEnvironment"),
        Bad<ArgumentException>(Equations, "a state that is not seen", () => _ = new EnvironmentDynamicsModel(new PointEnvironment()), "IObservableEnvironment",
            "findState"),
        Bad<ArgumentException>("EnvironmentDynamicsModel.Sample(Tensor, Tensor, Generator)", "another size",
            () => Pendulum().Sample(zeros(1, 2), zeros(1, 1), new Generator(1)), "Float32 [rows, 3]"),
        Bad<ArgumentException>("EnvironmentDynamicsModel.Sample(Tensor, Tensor, Generator)", "fewer actions",
            () => Pendulum().Sample(zeros(2, 3), zeros(1, 1), new Generator(1)), "2 observations", "1 actions"),
        Bad<ArgumentNullException>("EnvironmentDynamicsModel.Sample(Tensor, Tensor, Generator)", "no observation",
            () => Pendulum().Sample(null!, zeros(1, 1), new Generator(1)), "observation"),
        Bad<ArgumentNullException>("EnvironmentDynamicsModel.Sample(Tensor, Tensor, Generator)", "no action",
            () => Pendulum().Sample(zeros(1, 3), null!, new Generator(1)), "action"),
        Bad<ArgumentNullException>("EnvironmentDynamicsModel.Sample(Tensor, Tensor, Generator)", "no generator",
            () => Pendulum().Sample(zeros(1, 3), zeros(1, 1), null!), "generator"),
        Bad<ArgumentException>("AnalyticEnvironment.FindState(ReadOnlySpan<double>, Span<double>)", "too short",
            () => new PendulumEnvironment().FindState(new double[2], new double[3]), "observation has 2 elements"),
        Bad<ArgumentException>("AnalyticEnvironment.FindState(ReadOnlySpan<double>, Span<double>)", "a short state",
            () => new PendulumEnvironment().FindState(new double[3], new double[2]), "state has 2 elements"),
        Distillation.Refused<ArgumentOutOfRangeException>("HiddenSizes", "none", options => options.HiddenSizes = [], "layer sizes"),
        Distillation.Refused<ArgumentNullException>("HiddenSizes", "null", options => options.HiddenSizes = null!),
        Distillation.AtLeast(1, "Epochs", (options, value) => options.Epochs = value),
        Distillation.AtLeast(1, "BatchSize", (options, value) => options.BatchSize = value),
        .. Distillation.Numbers("LearningRate", (options, value) => options.LearningRate = value, 0, double.NaN),
        Distillation.Refused<ArgumentException>("ObservationColumnName", "empty", options => options.ObservationColumnName = ""),
        Distillation.Refused<ArgumentNullException>("ObservationColumnName", "null", options => options.ObservationColumnName = null!),
        Distillation.Refused<ArgumentException>("ActionColumnName", "empty", options => options.ActionColumnName = ""),
        Distillation.Refused<ArgumentNullException>("ActionColumnName", "null", options => options.ActionColumnName = null!),
        Bad<ArgumentNullException>(
            "PolicyCatalog.Distill(IPolicy, DistillationTrainer.Options)", "no policy", () => Samples.Rl.Policies.Distill(null!), "policy"),
        Bad<ArgumentOutOfRangeException>("DistillationTrainer.Fit(IDataView)", "no observations", () => Samples.Rl.Policies.Distill(Made()).Fit(NoColumn),
            "Observation"),
        Bad<ArgumentNullException>("DistillationTrainer.Fit(IDataView)", "null", () => Samples.Rl.Policies.Distill(Made()).Fit(null!), "input"),
        Bad<ArgumentOutOfRangeException>("DistillationTrainer.GetOutputSchema(SchemaShape)", "no observations",
            () => Samples.Rl.Policies.Distill(Made()).GetOutputSchema(new SchemaShape([])), "Observation"),
        Bad<ArgumentNullException>("DistillationTrainer.GetOutputSchema(SchemaShape)", "null",
            () => Samples.Rl.Policies.Distill(Made()).GetOutputSchema(null!), "inputSchema"),
    ];

    private static BoxSpace Actions { get; } = BoxSpace.Uniform(1, -1, 1);

    private static IDataView NoColumn => new MLContext(seed: 1).Data.LoadFromEnumerable([new Nothing()]);

    private static IEnumerable<BadCase> Searches()
    {
        foreach (var (name, optimizer) in new (string, IActionSequenceOptimizer)[]
        {
            ("RandomShooting", Samples.Rl.Planning.RandomShooting()), ("CrossEntropyMethod", Samples.Rl.Planning.CrossEntropy()),
            ("ImprovedCrossEntropyMethod", Samples.Rl.Planning.ImprovedCrossEntropy()), ("PathIntegral", Samples.Rl.Planning.PathIntegral()),
        })
        {
            yield return Bad<ArgumentOutOfRangeException>($"{name}.CreateSearch(int, int)", "no steps", () => optimizer.CreateSearch(0, 1), "horizon");
            yield return Bad<ArgumentOutOfRangeException>($"{name}.CreateSearch(int, int)", "no actions", () => optimizer.CreateSearch(1, 0), "actionSize");
        }
    }

    private static Tensor Sum(Tensor sequences) => sequences.sum([2L, 3L]);

    private static EnvironmentDynamicsModel Pendulum() => new(new PendulumEnvironment());

    private static PlanningTransformer Made(PlanningTransformer.Options? options = null) =>
        Samples.Rl.Policies.Planner(new ImaginedEnvironment(new AdditiveModel(1)), Actions, options: options);

    private static PlanningTransformer Lost() => Samples.Rl.Policies.Planner(
        new ImaginedEnvironment(new FunctionModel(new TransitionLayout(1, 1), (state, action, _) => new(
            full_like(state, float.NaN), action.squeeze(1).clone(), zeros(state.size(0), ScalarType.Bool)))), Actions);

    private static void PlanOnce(PlanningTransformer.Options options)
    {
        options.Horizon = 2;
        using var planner = Made(options);
        planner.Act(zeros(1, 1));
    }

    private sealed class Nothing
    {
        public float Other { get; set; }
    }

    private sealed class NonsenseRule : IRolloutRule
    {
        public RolloutVerdict Judge(RolloutStep step) => new(GoesOn: zeros(1));
    }
}
