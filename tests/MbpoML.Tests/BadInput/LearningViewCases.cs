using MbpoML.Data;
using MbpoML.Data.Views;
using Microsoft.ML;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Whatever learns from a view of transitions, given each kind of view that is none.</summary>
internal static class LearningViewCases
{
    // What reads transitions, its name for the argument, and how to call it. Environments and policies have 2 observations and 1 action, as the views.
    private static readonly (string Member, string Argument, Action<IDataView> Read)[] Readers =
    [
        ("TransitionReader.Read(IDataView, TransitionColumns)", "view", view => TransitionReader.Read(view).Dispose()),
        ("DataCatalog.Read(IDataView, TransitionColumns)", "view", view => Samples.Rl.Data.Read(view).Dispose()),
        ("ProbabilisticEnsembleTrainer.Fit(IDataView)", "input", view => Samples.Rl.Dynamics.ProbabilisticEnsemble(Samples.TinyEnsemble()).Fit(view)),
        ("HomoscedasticEnsembleTrainer.Fit(IDataView)", "input", view => Samples.Rl.Dynamics.HomoscedasticEnsemble(Samples.TinyHomoscedastic()).Fit(view)),
        ("HomoscedasticTransformer.Evaluate(IDataView)", "transitions", view => Samples.Homoscedastic.Evaluate(view)),
        ("PerOutputRegressionEstimator.Fit(IDataView)", "input",
            view => Samples.Rl.Dynamics.Regression(label => Samples.ML.Regression.Trainers.Sdca(label, maximumNumberOfIterations: 1)).Fit(view)),
        ("BootstrapRegressionEstimator.Fit(IDataView)", "input",
            view => Samples.Rl.Dynamics.Bootstrap(2, label => Samples.ML.Regression.Trainers.OnlineGradientDescent(label)).Fit(view)),
        ("SoftActorCriticTrainer.Fit(IDataView)", "input", view => Samples.Rl.Policies.SoftActorCritic(Samples.TinyActorCritic()).Fit(view)),
        ("ValueGradientTrainer.Fit(IDataView)", "input", view => Samples.Rl.Policies.ValueGradient(Samples.TinyGradient()).Fit(view)),
        ("TrustRegionTrainer.Fit(IDataView)", "input", view => Samples.Rl.Policies.TrustRegion(OnPolicyCases.Tiny()).Fit(view)),
        ("ProximalTrainer.Fit(IDataView)", "input", view => Samples.Rl.Policies.Proximal(OnPolicyCases.TinyProximal()).Fit(view)),
        ("MbpoTrainer.Fit(IDataView)", "input", view => Samples.Rl.Mbpo(Samples.Environment(), TrainingCases.Tiny()).Fit(view)),
        ("DynamicsTransformer.Evaluate(IDataView)", "transitions", view => Samples.Dynamics.Evaluate(view)),
    ];

    private static readonly string[] Needed = ["Observation", "Action", "Reward", "NextObservation", "Terminated"];

    public static IEnumerable<BadCase> All =>
    [
        .. Readers.SelectMany(reader => Defects(reader.Member, reader.Argument, reader.Read)),
        // Null is allowed here: nothing to warm up with.
        .. Defects("MbpoTrainer.Train(IDataView)", null, view => Samples.Rl.Mbpo(Samples.Environment(), TrainingCases.Tiny()).Train(view)),
        .. Defects("DoubleHorizonTrainer.Fit(IDataView)", "input", view => DoubleHorizonCases.Trainer().Fit(view)),
        .. Defects("DoubleHorizonTrainer.Train(IDataView)", null, view => DoubleHorizonCases.Trainer().Train(view)),
        Bad<ArgumentException>("ProbabilisticEnsembleTrainer.Fit(IDataView)", "one row",
            () => Samples.Rl.Dynamics.ProbabilisticEnsemble(Samples.TinyEnsemble()).Fit(Samples.View(1)), "at least 2 transitions", "got 1"),
        Bad<ArgumentException>("PerOutputRegressionEstimator.Fit(IDataView)", "one row",
            () => Samples.Rl.Dynamics.Regression(label => Samples.ML.Regression.Trainers.Sdca(label)).Fit(Samples.View(1)), "at least 2 transitions", "got 1"),
        Bad<ArgumentException>("BootstrapRegressionEstimator.Fit(IDataView)", "one row", () =>
            Samples.Rl.Dynamics.Bootstrap(2, label => Samples.ML.Regression.Trainers.Sdca(label)).Fit(Samples.View(1)), "at least 2 transitions", "got 1"),
        Bad<ArgumentException>("SoftActorCriticTrainer.Fit(IDataView)", "an action outside the bounds",
            () => Samples.Rl.Policies.SoftActorCritic(Samples.TinyActorCritic()).Fit(Far()), "'Action'", "the value 9", "[-1, 1]"),
        Bad<ArgumentException>("ValueGradientTrainer.Fit(IDataView)", "one row",
            () => Samples.Rl.Policies.ValueGradient(Samples.TinyGradient()).Fit(Samples.View(1)), "at least 2"),
        Bad<ArgumentException>("DynamicsTransformer.Evaluate(IDataView)", "of other sizes", () => Samples.Dynamics.Evaluate(TwoActions()),
            "2 actions", "1 actions"),
        Bad<ArgumentException>("HomoscedasticTransformer.Evaluate(IDataView)", "of other sizes", () => Samples.Homoscedastic.Evaluate(TwoActions()),
            "2 actions", "1 actions"),
        Bad<ArgumentException>("MbpoTrainer.Fit(IDataView)", "of other sizes",
            () => Samples.Rl.Mbpo(Samples.Environment(), TrainingCases.Tiny()).Fit(TwoActions()), "2 actions"),
        Bad<ArgumentNullException>(
            "TransitionReader.ReadLayout(DataViewSchema, TransitionColumns)", "null", () => TransitionReader.ReadLayout(null!), "schema"),
        Bad<ArgumentOutOfRangeException>("TransitionReader.ReadLayout(DataViewSchema, TransitionColumns)", "no Action",
            () => TransitionReader.ReadLayout(Samples.View(without: "Action").Schema), "'Action'"),
        Bad<ArgumentNullException>("TransitionReader.ReadVectors(IDataView, string)", "null", () => TransitionReader.ReadVectors(null!, "Observation"), "view"),
        Bad<ArgumentNullException>(
            "TransitionReader.ReadVectors(IDataView, string)", "no name", () => TransitionReader.ReadVectors(Samples.View(), null!), "columnName"),
        Bad<ArgumentOutOfRangeException>("TransitionReader.ReadVectors(IDataView, string)", "no such column",
            () => TransitionReader.ReadVectors(Samples.View(), "Velocity"), "'Velocity'", "'Observation'"),
        Bad<ArgumentException>("TransitionReader.ReadVectors(IDataView, string)", "flags", () => TransitionReader.ReadVectors(Samples.View(), "Terminated"),
            "'Terminated'", "Boolean"),
        Bad<ArgumentException>("TransitionReader.ReadVectors(IDataView, string)", "no rows",
            () => TransitionReader.ReadVectors(Samples.View(0), "Observation"), "no rows"),
        Bad<ArgumentException>("TransitionReader.ReadVectors(IDataView, string)", "of unknown size",
            () => TransitionReader.ReadVectors(Unsized(), "Observation"), "'Observation'", "known size"),
    ];

    private static IEnumerable<BadCase> Defects(string member, string? argument, Action<IDataView> read) =>
    [
        .. argument is null ? (BadCase[])[] : [Bad<ArgumentNullException>(member, "null", () => read(null!), argument)],
        .. Needed.Select(name => Bad<ArgumentOutOfRangeException>(member, $"no {name}", () => read(Samples.View(without: name)), $"'{name}'")),
        Bad<ArgumentException>(member, "doubles", () => read(Samples.WithDoubles("Observation")), "'Observation'", "Double"),
        Bad<ArgumentException>(member, "a vector as reward", () => read(Replaced("Reward", builder => builder.AddVector("Reward", 2, new float[12]))),
            "'Reward'", "Vector<Single, 2>"),
        Bad<ArgumentException>(member, "a number as flag", () => read(Replaced("Terminated", builder => builder.AddScalar("Terminated", new float[6]))),
            "'Terminated'", "Single"),
        Bad<ArgumentException>(member, "a shorter next observation",
            () => read(Replaced("NextObservation", builder => builder.AddScalar("NextObservation", new float[6]))), "'NextObservation'", "1 values"),
        Bad<ArgumentException>(member, "a number as Truncated", () => read(Samples.View(with: builder => builder.AddScalar("Truncated", new float[6]))),
            "'Truncated'", "Single"),
        Bad<ArgumentException>(member, "no rows", () => read(Samples.View(0)), "no rows"),
        Bad<ArgumentException>(member, "NaN", () => read(Samples.View(odd: float.NaN)), "'Observation'", "NaN in row 5 at [1]"),
        Bad<ArgumentException>(member, "infinity, through a cursor", () => read(Samples.Sparse(Samples.View(odd: float.PositiveInfinity))), "'Observation'",
            "Infinity in row 5"),
    ];

    private static DenseDataView Replaced(string name, Action<DenseDataView.Builder> with) => Samples.View(without: name, with: with);

    private static DenseDataView Far() => Replaced("Action", builder => builder.AddVector("Action", 1, [0, 0, 9, 0, 0, 0]));

    private static DenseDataView TwoActions() => Replaced("Action", builder => builder.AddVector("Action", 2, new float[12]));

    private static IDataView Unsized() => Samples.ML.Data.LoadFromEnumerable([new TransitionCases.Row()]);
}
