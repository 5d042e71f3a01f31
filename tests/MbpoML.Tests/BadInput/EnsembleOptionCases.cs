using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;

namespace MbpoML.Tests.BadInput;

/// <summary>Bad settings of the dynamics ensemble.</summary>
internal static class EnsembleOptionCases
{
    private static readonly OptionCases<ProbabilisticEnsembleTrainer.Options> Ensemble =
        new("ProbabilisticEnsembleTrainer.Options", options => Samples.Rl.Dynamics.ProbabilisticEnsemble(options));

    private static readonly OptionCases<ProbabilisticEnsembleTrainer.Options> Fitted =
        new("ProbabilisticEnsembleTrainer.Options", options => Samples.Rl.Dynamics.ProbabilisticEnsemble(options).Fit(Samples.View()));

    public static IEnumerable<BadCase> All =>
    [
        Ensemble.AtLeast(1, "MemberCount", (options, value) => options.MemberCount = value),
        Ensemble.AtLeast(1, "EliteCount", (options, value) => options.EliteCount = value),
        Ensemble.Refused<ArgumentOutOfRangeException>(
            "EliteCount", "more than members", options => options.EliteCount = 8, "at most MemberCount, which is 7", "Actual value was 8"),
        Ensemble.Refused<ArgumentNullException>("HiddenSizes", "null", options => options.HiddenSizes = null!),
        Ensemble.Refused<ArgumentOutOfRangeException>("HiddenSizes", "empty", options => options.HiddenSizes = [], "Actual value was []"),
        Ensemble.Refused<ArgumentOutOfRangeException>("HiddenSizes", "a layer of none", options => options.HiddenSizes = [8, 0], "Actual value was [8, 0]"),
        Fitted.Refused<ArgumentOutOfRangeException>("HiddenSizes", "larger than memory can be",
            options => options.HiddenSizes = [int.MaxValue, int.MaxValue, int.MaxValue], "[2147483647, 2147483647, 2147483647]", "more than an array can hold"),
        Fitted.Refused<ArgumentOutOfRangeException>("MemberCount", "more than memory can hold", options => options.MemberCount = int.MaxValue, "2147483647"),
        Ensemble.Refused<ArgumentException>("WeightDecays", "too few", options => options.WeightDecays = [0.1], "has 1 values", "need 5"),
        Ensemble.Refused<ArgumentOutOfRangeException>("WeightDecays", "negative", options => options.WeightDecays = [0, 0, 0, 0, -1], "Actual value was -1"),
        Ensemble.Refused<ArgumentOutOfRangeException>(
            "WeightDecays", "NaN", options => options.WeightDecays = [0, 0, 0, 0, double.NaN], "Actual value was NaN"),
        .. Ensemble.Numbers("LearningRate", (options, value) => options.LearningRate = value, 0, -1, double.NaN, double.PositiveInfinity),
        .. Ensemble.Numbers("GradientClipping", (options, value) => options.GradientClipping = value, 0, -1, double.NaN, double.PositiveInfinity),
        Ensemble.AtLeast(1, "BatchSize", (options, value) => options.BatchSize = value),
        .. Ensemble.Numbers("HoldoutRatio", (options, value) => options.HoldoutRatio = value, -0.1, 0.95, double.NaN),
        Ensemble.Refused<ArgumentException>("HoldoutRatio", "0 without an end", options => options.HoldoutRatio = 0, "MaxEpochs", "MaxOptimizerSteps"),
        Ensemble.AtLeast(1, "MaxHoldoutRows", (options, value) => options.MaxHoldoutRows = value),
        Ensemble.AtLeast(0, "Patience", (options, value) => options.Patience = value),
        .. Ensemble.Numbers("ImprovementThreshold", (options, value) => options.ImprovementThreshold = value, -0.1, double.NaN, double.PositiveInfinity),
        Ensemble.AtLeast(1, "RestartInterval", (options, value) => options.RestartInterval = value),
        Ensemble.Refused<ArgumentOutOfRangeException>("Loss", "undefined", options => options.Loss = (DynamicsLoss)9, "Actual value was 9"),
        Ensemble.AtLeast(1, "MaxEpochs", (options, value) => options.MaxEpochs = value),
        Ensemble.AtLeast(1, "MaxOptimizerSteps", (options, value) => options.MaxOptimizerSteps = value),
        Ensemble.Refused<ArgumentOutOfRangeException>(
            "Target", "undefined", options => options.Target = (DynamicsTarget)9, "Actual value was 9", "NextObservation"),
        .. Ensemble.Numbers("MinLogVariance", (options, value) => options.MinLogVariance = value, double.NaN, double.NegativeInfinity),
        .. Ensemble.Numbers("MaxLogVariance", (options, value) => options.MaxLogVariance = value, double.NaN, double.PositiveInfinity, -11),
        Ensemble.Refused<ArgumentException>("Device", "unknown", options => options.Device = "gpu", "'gpu'", "'cpu'"),
        Ensemble.Refused<ArgumentException>("Device", "empty", options => options.Device = "", "''"),
        Ensemble.Refused<ArgumentException>("Device", "a negative number", options => options.Device = "cuda:-1", "'cuda:-1'"),
        Ensemble.Refused<ArgumentException>("Device", "a number of no device", options => options.Device = "cuda:99", "'cuda:99'"),
        Ensemble.Refused<ArgumentOutOfRangeException>("Acceleration", "undefined", options => options.Acceleration = (Acceleration)9, "Actual value was 9"),
        .. Ensemble.Numbers("Workers", (options, value) => options.Workers = (int)value, 0, 3),
        Ensemble.Refused<ArgumentException>("Device", "no number", options => options.Device = "cuda:x", "'cuda:x'"),
    ];
}
