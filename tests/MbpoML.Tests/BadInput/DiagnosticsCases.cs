using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Evaluation;
using MbpoML.Policies;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Policies;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Models, policies and data of different tasks measured together, and measurements of nothing.</summary>
internal static class DiagnosticsCases
{
    private const string Shift = "DiagnosticsCatalog.PolicyShift(PolicyTransformer, PolicyTransformer, IDataView, TransitionColumns)";
    private const string Error = "DiagnosticsCatalog.ModelError(IEnsembleDynamicsModel, IDataView, IReadOnlyList<double>, TransitionColumns)";

    private static readonly DiagnosticsCatalog Catalog = Samples.Rl.Diagnostics;

    public static IEnumerable<BadCase> All =>
    [
        .. InEnvironment("DiagnosticsCatalog.Fan(IDynamicsModel, IEnvironment, IPolicy, int, int, int)", (m, e, p, a, b) => Catalog.Fan(m, e, p, a, b), "steps", "samples"),
        .. InEnvironment("DiagnosticsCatalog.GrowthOfError(IDynamicsModel, IEnvironment, IPolicy, int, int, int, int)", (m, e, p, a, b) => Catalog.GrowthOfError(m, e, p, a, samples: b), "horizon", "samples"),
        .. InEnvironment("DiagnosticsCatalog.Returns(IDynamicsModel, IEnvironment, IPolicy, int, int, int)", (m, e, p, a, b) => Catalog.Returns(m, e, p, a, b), "horizon", "samples"),
        Bad<ArgumentOutOfRangeException>("DiagnosticsCatalog.GrowthOfError(IDynamicsModel, IEnvironment, IPolicy, int, int, int, int)", "no starts",
            () => InOne(environment => Catalog.GrowthOfError(Samples.Dynamics.Model, environment, Samples.SmallPolicy, starts: 0)), "starts", "0"),
        Bad<ArgumentNullException>(Shift, "no policy", () => Catalog.PolicyShift(null!, Samples.Policy, PolicyFixture.View([[1, 2, 3]])), "policy"),
        Bad<ArgumentNullException>(Shift, "no other policy", () => Catalog.PolicyShift(Samples.Policy, null!, PolicyFixture.View([[1, 2, 3]])), "collecting"),
        Bad<ArgumentNullException>(Shift, "no states", () => Catalog.PolicyShift(Samples.Policy, Samples.Policy, null!), "states"),
        Bad<ArgumentException>(Shift, "states of another size", () => Catalog.PolicyShift(Samples.Policy, Samples.Policy, Samples.View()), "2", "3"),
        Bad<ArgumentException>(Shift, "no rows", () => Catalog.PolicyShift(Samples.Policy, Samples.Policy, Samples.View(rows: 0)), "no rows"),
        Bad<ArgumentNullException>(Error, "no model", () => Catalog.ModelError(null!, Samples.View()), "model"),
        Bad<ArgumentNullException>(Error, "no transitions", () => Catalog.ModelError(Samples.Dynamics.Model, null!), "transitions"),
        Bad<ArgumentException>(Error, "transitions of another size", () => Catalog.ModelError(new LineModel(0, 0), Samples.View()), "2 observations", "fitted on 1"),
        Bad<ArgumentException>(Error, "a scale too few", () => Catalog.ModelError(Samples.Dynamics.Model, Samples.View(), [1, 2]), "[1, 2]", "3 finite numbers"),
        Bad<ArgumentException>(Error, "a scale of NaN", () => Catalog.ModelError(Samples.Dynamics.Model, Samples.View(), [1, 2, double.NaN]), "NaN"),
        Bad<ArgumentOutOfRangeException>("RolloutFan.ErrorAt(int)", "a step before the start", () => Fan().ErrorAt(-1), "step", "-1"),
        Bad<ArgumentOutOfRangeException>("RolloutFan.CoverageAt(int)", "a step after the end", () => Fan().CoverageAt(3), "step", "3"),
        Bad<ArgumentOutOfRangeException>("ModelReturns.MeanAt(int)", "step 0", () => new ModelReturns([1], [[1.0]], false).MeanAt(0), "step", "0"),
    ];

    private static RolloutFan Fan() => InOne(environment => Catalog.Fan(Samples.Dynamics.Model, environment, Samples.SmallPolicy, steps: 2, samples: 2));

    private static IEnumerable<BadCase> InEnvironment(string member, Func<IDynamicsModel, IEnvironment, IPolicy, int, int, object> call, string first, string second)
    {
        var model = Samples.Dynamics.Model;
        yield return Bad<ArgumentNullException>(member, "no model", () => InOne(environment => call(null!, environment, Samples.SmallPolicy, 2, 2)), "model");
        yield return Bad<ArgumentNullException>(member, "no environment", () => call(model, null!, Samples.SmallPolicy, 2, 2), "environment");
        yield return Bad<ArgumentNullException>(member, "no policy", () => InOne(environment => call(model, environment, null!, 2, 2)), "policy");
        yield return Bad<ArgumentException>(member, "a model of another task", () => InOne(environment => call(new LineModel(0, 0), environment, Samples.SmallPolicy, 2, 2)), "model", "1 observations");
        yield return Bad<ArgumentException>(member, "a policy of another task", () => InOne(environment => call(model, environment, Samples.Policy, 2, 2)), "policy", "3 observations");
        yield return Bad<ArgumentOutOfRangeException>(member, $"no {first}", () => InOne(environment => call(model, environment, Samples.SmallPolicy, 0, 2)), first, "0");
        yield return Bad<ArgumentOutOfRangeException>(member, $"one of {second}", () => InOne(environment => call(model, environment, Samples.SmallPolicy, 2, 1)), second, "1");
    }

    private static T InOne<T>(Func<IEnvironment, T> use)
    {
        using var environment = Samples.Environment();
        return use(environment);
    }
}
