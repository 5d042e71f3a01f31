using MbpoML.Theory;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>The bounds asked about errors, shifts and discounts that are none.</summary>
internal static class TheoryCases
{
    private const string Fit = "ModelGeneralization.Fit(double, IReadOnlyList<double>, IReadOnlyList<double>)";

    private static readonly Argument PolicyShift = Distance("policyShift");
    private static readonly Argument Discount = new("discount", 0.9, -0.1, 1, double.NaN);
    private static readonly Argument MaxReward = new("maxReward", 1, -1, double.NaN, double.PositiveInfinity);
    private static readonly Argument RolloutLength = new("rolloutLength", 3, -1);
    private static readonly Argument Longest = new("longest", 9, -1);

    public static IEnumerable<BadCase> All =>
    [
        .. Of("ModelGeneralization(double, double)", a => new ModelGeneralization(a[0], a[1]), Distance("ErrorOnData"),
            new("Slope", 1, double.NaN, double.NegativeInfinity)),
        .. Of("ModelGeneralization.ErrorAt(double)", a => default(ModelGeneralization).ErrorAt(a[0]), PolicyShift),
        Bad<ArgumentNullException>(Fit, "no shifts", () => ModelGeneralization.Fit(0.1, null!, [0.1, 0.2]), "policyShifts"),
        Bad<ArgumentNullException>(Fit, "no errors", () => ModelGeneralization.Fit(0.1, [0.1, 0.2], null!), "modelErrors"),
        Bad<ArgumentException>(Fit, "an error too few", () => ModelGeneralization.Fit(0.1, [0.1, 0.2], [0.1]), "2 shifts", "1 errors"),
        Bad<ArgumentException>(Fit, "no shift", () => ModelGeneralization.Fit(0.1, [0, 0], [0.1, 0.3]), "policyShifts", "[0, 0]"),
        Bad<ArgumentException>(Fit, "no points", () => ModelGeneralization.Fit(0.1, [], []), "policyShifts", "[]"),
        Bad<ArgumentOutOfRangeException>(
            Fit, "a measured error that is no number", () => ModelGeneralization.Fit(double.NaN, [0.2], [0.1]), "errorOnData", "NaN"),
        Bad<ArgumentOutOfRangeException>(Fit, "a shift above 1", () => ModelGeneralization.Fit(0.1, [0.2, 1.5], [0.1, 0.3]), "policyShifts", "1.5"),
        Bad<ArgumentOutOfRangeException>(
            Fit, "an error that is no number", () => ModelGeneralization.Fit(0.1, [0.2, 0.5], [0.1, double.NaN]), "modelErrors", "NaN"),
        .. Of("OptimalRolloutLength.Of(double, double, double, int)", a => OptimalRolloutLength.Of(a[0], a[1], a[2], (int)a[3]), Distance("currentModelError"),
            PolicyShift, Discount, Longest),
        .. Of("OptimalRolloutLength.Search(double, double, double, int)", a => OptimalRolloutLength.Search(a[0], a[1], a[2], (int)a[3]),
            Distance("currentModelError"), PolicyShift, Discount, Longest),
        .. Of("OptimalRolloutLength.TrustsModel(ModelGeneralization, double)", a => OptimalRolloutLength.TrustsModel(default, a[0]), PolicyShift),
        .. Of("ReturnBounds.ModelRollouts(double, double, double, double)", a => ReturnBounds.ModelRollouts(a[0], a[1], a[2], a[3]), Distance("modelError"),
            PolicyShift, Discount, MaxReward),
        .. Of("ReturnBounds.BranchedRollouts(double, double, double, double, int)", a => ReturnBounds.BranchedRollouts(a[0], a[1], a[2], a[3], (int)a[4]),
            Distance("modelError"), PolicyShift, Discount, MaxReward, RolloutLength),
        .. Of("ReturnBounds.BranchedRolloutsOfCurrentPolicy(double, double, double, double, int)",
            a => ReturnBounds.BranchedRolloutsOfCurrentPolicy(a[0], a[1], a[2], a[3], (int)a[4]),
            Distance("currentModelError"), PolicyShift, Discount, MaxReward, RolloutLength),
        .. Of("ReturnBounds.ReturnDifference(double, double, double, double)", a => ReturnBounds.ReturnDifference(a[0], a[1], a[2], a[3]),
            Distance("modelError"), PolicyShift, Discount, MaxReward),
        .. Of("ReturnBounds.BranchedReturnDifference(double, double, double, double, double, double, int)",
            a => ReturnBounds.BranchedReturnDifference(a[0], a[1], a[2], a[3], a[4], a[5], (int)a[6]),
            Distance("modelErrorBefore"), Distance("policyShiftBefore"), Distance("modelErrorAfter"), Distance("policyShiftAfter"), Discount, MaxReward,
            RolloutLength),
        .. Of("SlideVariants.BetterBound(ModelGeneralization, double, double, double, int)",
            a => SlideVariants.BetterBound(default, a[0], a[1], a[2], (int)a[3]),
            PolicyShift, Discount, MaxReward, RolloutLength),
        .. Of("TotalVariation.FromDivergence(double)", a => TotalVariation.FromDivergence(a[0]), new Argument("divergence", 1, -0.1, double.NaN)),
        .. Of("TotalVariation.OfJoint(double, double)", a => TotalVariation.OfJoint(a[0], a[1]), Distance("marginal"), Distance("conditional")),
        .. Of("TotalVariation.OfStates(double, int)", a => TotalVariation.OfStates(a[0], (int)a[1]), Distance("transition"), new("steps", 1, -1)),
    ];

    private static Argument Distance(string name) => new(name, 0.2, -0.1, 1.1, double.NaN);

    // One bad argument at a time.
    private static IEnumerable<BadCase> Of<T>(string member, Func<double[], T> call, params Argument[] arguments) =>
        from index in Enumerable.Range(0, arguments.Length)
        from bad in arguments[index].Bad
        select Bad<ArgumentOutOfRangeException>(
            member, FormattableString.Invariant($"{arguments[index].Name} {bad}"),
            () => call([.. arguments.Select((argument, other) => other == index ? bad : argument.Good)]), $"(Parameter '{arguments[index].Name}')",
            FormattableString.Invariant($"Actual value was {bad}"));

    private sealed record Argument(string Name, double Good, params double[] Bad);
}
