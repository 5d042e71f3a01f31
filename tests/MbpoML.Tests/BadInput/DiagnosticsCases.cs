using MbpoML.Acting;
using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Imagination;
using MbpoML.Policies;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Policies;
using Microsoft.ML;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Models, policies and data of different tasks measured together, and measurements of nothing.</summary>
internal static class DiagnosticsCases
{
    private const string Shift = "DiagnosticsCatalog.PolicyShift(PolicyTransformer, PolicyTransformer, IDataView, TransitionColumns)";
    private const string Error = "DiagnosticsCatalog.ModelError(IEnsembleDynamicsModel, IDataView, IReadOnlyList<double>, TransitionColumns)";

    private const string Calibration = "DiagnosticsCatalog.Calibration(IEnsembleDynamicsModel, IDataView, int, TransitionColumns)";
    private const string Generalization = "DiagnosticsCatalog.Generalization(IEnvironment, IReadOnlyList<PolicyTransformer>, GeneralizationOptions)";
    private const string Trust =
        "DiagnosticsCatalog.Trust(IEnsembleDynamicsModel, IDataView, IDataView, PolicyTransformer, PolicyTransformer, TransitionColumns)";
    private const string Comparison = "ReturnComparison(IReadOnlyList<double>, IReadOnlyList<double>)";

    private static readonly PolicyTransformer SmallPolicy = new(
        new ComponentContext(Samples.ML), new ActorParameters(2, Samples.Actions, [new float[4]], [new float[2]], (-20, 2)));
    private static readonly DiagnosticsCatalog Catalog = Samples.Rl.Diagnostics;

    public static IEnumerable<BadCase> All =>
    [
        .. InEnvironment("DiagnosticsCatalog.Fan(IDynamicsModel, IEnvironment, IPolicy, int, int, int)", (m, e, p, a, b) => Catalog.Fan(m, e, p, a, b),
            "steps", "samples"),
        .. InEnvironment("DiagnosticsCatalog.GrowthOfError(IDynamicsModel, IEnvironment, IPolicy, int, int, int, int)",
            (m, e, p, a, b) => Catalog.GrowthOfError(m, e, p, a, samples: b), "horizon", "samples"),
        .. InEnvironment("DiagnosticsCatalog.Returns(IDynamicsModel, IEnvironment, IPolicy, int, int, int, ITerminationFunction, IRewardFunction)",
            (m, e, p, a, b) => Catalog.Returns(m, e, p, a, b), "horizon", "samples"),
        Bad<ArgumentOutOfRangeException>("DiagnosticsCatalog.GrowthOfError(IDynamicsModel, IEnvironment, IPolicy, int, int, int, int)", "no starts",
            () => InOne(environment => Catalog.GrowthOfError(Samples.Dynamics.Model, environment, Samples.SmallPolicy, starts: 0)), "starts", "0"),
        Bad<ArgumentNullException>(Shift, "no policy", () => Catalog.PolicyShift(null!, Samples.Policy, PolicyFixture.View([[1, 2, 3]])), "policy"),
        Bad<ArgumentNullException>(Shift, "no other policy", () => Catalog.PolicyShift(Samples.Policy, null!, PolicyFixture.View([[1, 2, 3]])), "collecting"),
        Bad<ArgumentNullException>(Shift, "no states", () => Catalog.PolicyShift(Samples.Policy, Samples.Policy, null!), "states"),
        Bad<ArgumentException>(Shift, "states of another size", () => Catalog.PolicyShift(Samples.Policy, Samples.Policy, Samples.View()), "2", "3"),
        Bad<ArgumentException>(Shift, "no rows", () => Catalog.PolicyShift(Samples.Policy, Samples.Policy, Samples.View(rows: 0)), "no rows"),
        Bad<ArgumentNullException>(Error, "no model", () => Catalog.ModelError(null!, Samples.View()), "model"),
        Bad<ArgumentNullException>(Error, "no transitions", () => Catalog.ModelError(Samples.Dynamics.Model, null!), "transitions"),
        Bad<ArgumentException>(Error, "transitions of another size", () => Catalog.ModelError(new LineModel(0, 0), Samples.View()), "2 observations",
            "fitted on 1"),
        Bad<ArgumentException>(Error, "a scale too few", () => Catalog.ModelError(Samples.Dynamics.Model, Samples.View(), [1, 2]), "[1, 2]",
            "3 finite numbers"),
        Bad<ArgumentException>(Error, "a scale of NaN", () => Catalog.ModelError(Samples.Dynamics.Model, Samples.View(), [1, 2, double.NaN]), "NaN"),
        Bad<ArgumentNullException>(Calibration, "no model", () => Catalog.Calibration(null!, Samples.View()), "model"),
        Bad<ArgumentNullException>(Calibration, "no transitions", () => Catalog.Calibration(Samples.Dynamics.Model, null!), "transitions"),
        Bad<ArgumentException>(Calibration, "transitions of another size", () => Catalog.Calibration(new LineModel(0, 0), Samples.View()), "2 observations",
            "fitted on 1"),
        Bad<ArgumentOutOfRangeException>(Calibration, "no level", () => Catalog.Calibration(Samples.Dynamics.Model, Samples.View(), levels: 0), "levels", "0"),
        Bad<ArgumentNullException>(Generalization, "no environment", () => Catalog.Generalization(null!, [SmallPolicy, SmallPolicy]), "environment"),
        Bad<ArgumentNullException>(Generalization, "no policies", () => InOne(environment => Catalog.Generalization(environment, null!)), "policies"),
        Bad<ArgumentNullException>(
            Generalization, "a policy that is null", () => InOne(environment => Catalog.Generalization(environment, [SmallPolicy, null!])), "policies"),
        Bad<ArgumentException>(Generalization, "one policy", () => InOne(environment => Catalog.Generalization(environment, [SmallPolicy])),
            "policies", "1 policies"),
        Bad<ArgumentException>(Generalization, "a policy of another task",
            () => InOne(environment => Catalog.Generalization(environment, [SmallPolicy, Samples.Policy])), "policies", "3 observations"),
        .. GeneralizationOption("TrainingSizes", "null", options => options.TrainingSizes = null!, "TrainingSizes"),
        .. GeneralizationOption("TrainingSizes", "none", options => options.TrainingSizes = [], "TrainingSizes", "one or more"),
        .. GeneralizationOption("TrainingSizes", "one twice", options => options.TrainingSizes = [5, 5], "TrainingSizes", "[5, 5]"),
        .. GeneralizationOption("TrainingSizes", "one row", options => options.TrainingSizes = [1], "TrainingSizes", "1"),
        .. GeneralizationOption("TestTransitions", "0", options => options.TestTransitions = 0, "TestTransitions", "0"),
        Bad<OperationCanceledException>("GeneralizationOptions.CancellationToken", "cancelled before", () => InOne(environment => Catalog.Generalization(
            environment, [SmallPolicy, SmallPolicy], new GeneralizationOptions { CancellationToken = new CancellationToken(canceled: true) }))),
        .. GeneralizationOption("Dynamics", "null", options => options.Dynamics = null!, "Dynamics"),
        .. GeneralizationOption("Dynamics", "no members", options => options.Dynamics = new ProbabilisticEnsembleTrainer.Options { MemberCount = 0 },
            "MemberCount", "0"),
        Bad<ArgumentOutOfRangeException>("GeneralizationCurve.Fit(double)", "no shift", () => new GeneralizationCurve(2, []).Fit(0), "largestShift", "0"),
        Bad<ArgumentOutOfRangeException>(
            "GeneralizationCurve.Fit(double)", "more than 1", () => new GeneralizationCurve(2, []).Fit(1.5), "largestShift", "1.5"),
        Bad<InvalidOperationException>("GeneralizationCurve.Fit(double)", "no points", () => new GeneralizationCurve(2, []).Fit(), "None of 0"),
        Bad<ArgumentNullException>(Trust, "no model", () => TrustOf(null!, Samples.View(), Samples.View(), SmallPolicy, SmallPolicy), "model"),
        Bad<ArgumentNullException>(Trust, "nothing fitted", () => TrustOf(Samples.Dynamics.Model, null!, Samples.View(), SmallPolicy, SmallPolicy), "fitted"),
        Bad<ArgumentNullException>(Trust, "nothing unseen", () => TrustOf(Samples.Dynamics.Model, Samples.View(), null!, SmallPolicy, SmallPolicy), "unseen"),
        Bad<ArgumentNullException>(Trust, "no policy", () => TrustOf(Samples.Dynamics.Model, Samples.View(), Samples.View(), null!, SmallPolicy), "policy"),
        Bad<ArgumentNullException>(
            Trust, "no other policy", () => TrustOf(Samples.Dynamics.Model, Samples.View(), Samples.View(), SmallPolicy, null!), "collecting"),
        Bad<ArgumentException>(Trust, "transitions of another size",
            () => TrustOf(new LineModel(0, 0), Samples.View(), Samples.View(), SmallPolicy, SmallPolicy), "2 observations", "fitted on 1"),
        Bad<ArgumentOutOfRangeException>("PolicyTransformer.Perturb(double, int)", "a negative scale", () => Samples.Policy.Perturb(-1, 1), "scale", "-1"),
        Bad<ArgumentOutOfRangeException>(
            "PolicyTransformer.Perturb(double, int)", "a scale that is no number", () => Samples.Policy.Perturb(double.NaN, 1), "scale", "NaN"),
        Bad<ArgumentNullException>(Comparison, "no actual", () => _ = new ReturnComparison(null!, [1]), "actual"),
        Bad<ArgumentNullException>(Comparison, "no imagined", () => _ = new ReturnComparison([1], null!), "imagined"),
        Bad<ArgumentException>(Comparison, "none", () => _ = new ReturnComparison([], []), "at least one"),
        Bad<ArgumentException>(Comparison, "one too many", () => _ = new ReturnComparison([1], [1, 2]), "1 returns", "2 of the model"),
        Bad<ArgumentException>(Comparison, "NaN", () => _ = new ReturnComparison([1], [double.NaN]), "NaN"),
        Bad<ArgumentNullException>("ReturnComparison.Of(IReadOnlyList<ModelReturns>)", "null", () => ReturnComparison.Of(null!), "returns"),
        Bad<ArgumentNullException>("ReturnComparison.Of(IReadOnlyList<ModelReturns>)", "one that is null", () => ReturnComparison.Of([null!]), "returns"),
        Bad<ArgumentException>("ReturnComparison.Of(IReadOnlyList<ModelReturns>)", "none", () => ReturnComparison.Of([]), "at least one"),
        Bad<ArgumentOutOfRangeException>("RolloutFan.ErrorAt(int)", "a step before the start", () => Fan().ErrorAt(-1), "step", "-1"),
        Bad<ArgumentOutOfRangeException>("RolloutFan.CoverageAt(int)", "a step after the end", () => Fan().CoverageAt(3), "step", "3"),
        Bad<ArgumentOutOfRangeException>("ModelReturns.MeanAt(int)", "step 0", () => new ModelReturns([1], [[1.0]], false).MeanAt(0), "step", "0"),
    ];

    private static ModelTrust TrustOf(
        IEnsembleDynamicsModel model, IDataView fitted, IDataView unseen, PolicyTransformer policy, PolicyTransformer collecting) =>
        Catalog.Trust(model, fitted, unseen, policy, collecting);

    private static IEnumerable<BadCase> GeneralizationOption(string option, string what, Action<GeneralizationOptions> set, params string[] message)
    {
        void Use()
        {
            var options = new GeneralizationOptions();
            set(options);
            InOne(environment => Catalog.Generalization(environment, [SmallPolicy, SmallPolicy], options));
        }

        yield return what == "null"
            ? Bad<ArgumentNullException>($"GeneralizationOptions.{option}", what, Use, message)
            : what is "none" or "one twice" ? Bad<ArgumentException>($"GeneralizationOptions.{option}", what, Use, message)
                : Bad<ArgumentOutOfRangeException>($"GeneralizationOptions.{option}", what, Use, message);
    }

    private static RolloutFan Fan() => InOne(environment => Catalog.Fan(Samples.Dynamics.Model, environment, Samples.SmallPolicy, steps: 2, samples: 2));

    private static IEnumerable<BadCase> InEnvironment(
        string member, Func<IDynamicsModel, IEnvironment, IPolicy, int, int, object> call, string first, string second)
    {
        var model = Samples.Dynamics.Model;
        yield return Bad<ArgumentNullException>(member, "no model", () => InOne(environment => call(null!, environment, Samples.SmallPolicy, 2, 2)), "model");
        yield return Bad<ArgumentNullException>(member, "no environment", () => call(model, null!, Samples.SmallPolicy, 2, 2), "environment");
        yield return Bad<ArgumentNullException>(member, "no policy", () => InOne(environment => call(model, environment, null!, 2, 2)), "policy");
        yield return Bad<ArgumentException>(member, "a model of another task",
            () => InOne(environment => call(new LineModel(0, 0), environment, Samples.SmallPolicy, 2, 2)), "model", "1 observations");
        yield return Bad<ArgumentException>(
            member, "a policy of another task", () => InOne(environment => call(model, environment, Samples.Policy, 2, 2)), "policy", "3 observations");
        yield return Bad<ArgumentOutOfRangeException>(
            member, $"no {first}", () => InOne(environment => call(model, environment, Samples.SmallPolicy, 0, 2)), first, "0");
        yield return Bad<ArgumentOutOfRangeException>(
            member, $"one of {second}", () => InOne(environment => call(model, environment, Samples.SmallPolicy, 2, 1)), second, "1");
    }

    private static T InOne<T>(Func<IEnvironment, T> use)
    {
        using var environment = Samples.Environment();
        return use(environment);
    }
}
