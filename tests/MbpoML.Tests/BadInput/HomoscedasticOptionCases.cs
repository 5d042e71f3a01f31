using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Numerics;

namespace MbpoML.Tests.BadInput;

/// <summary>Bad settings of the ensemble with constant noise.</summary>
internal static class HomoscedasticOptionCases
{
    private const string Owner = "HomoscedasticEnsembleTrainer.Options";

    private static readonly OptionCases<HomoscedasticEnsembleTrainer.Options> Ensemble = new(
        Owner, options => Samples.Rl.Dynamics.HomoscedasticEnsemble(options));

    private static readonly OptionCases<HomoscedasticEnsembleTrainer.Options> Fitted = new(
        Owner, options => Samples.Rl.Dynamics.HomoscedasticEnsemble(options).Fit(Samples.View()));

    public static IEnumerable<BadCase> All =>
    [
        Ensemble.AtLeast(2, "MemberCount", (options, value) => options.MemberCount = value),
        Ensemble.Refused<ArgumentNullException>("HiddenSizes", "null", options => options.HiddenSizes = null!),
        Ensemble.Refused<ArgumentOutOfRangeException>("HiddenSizes", "empty", options => options.HiddenSizes = [], "Actual value was []"),
        Ensemble.Refused<ArgumentOutOfRangeException>("HiddenSizes", "a layer of none", options => options.HiddenSizes = [8, 0], "Actual value was [8, 0]"),
        Fitted.Refused<ArgumentOutOfRangeException>("HiddenSizes", "larger than memory can be", options => options.HiddenSizes = [int.MaxValue, int.MaxValue],
            "[2147483647, 2147483647]", "more than an array can hold"),
        Fitted.Refused<ArgumentOutOfRangeException>(
            "MemberCount", "more than memory can hold", options => options.MemberCount = int.MaxValue, "2147483647", "more than an array can hold"),
        .. Ensemble.Numbers("Dropout", (options, value) => options.Dropout = value, -0.1, 1, double.NaN),
        .. Ensemble.Numbers("WeightDecay", (options, value) => options.WeightDecay = value, -1, double.NaN, double.PositiveInfinity),
        .. Ensemble.Numbers("ScaleTolerance", (options, value) => options.ScaleTolerance = value, -1, double.NaN, double.PositiveInfinity),
        .. Ensemble.Numbers("NoiseDecay", (options, value) => options.NoiseDecay = value, -1, double.NaN, double.PositiveInfinity),
        .. Ensemble.Numbers("LearningRate", (options, value) => options.LearningRate = value, 0, -1, double.NaN, double.PositiveInfinity),
        .. Ensemble.Numbers("NoiseLearningRate", (options, value) => options.NoiseLearningRate = value, 0, -1, double.NaN, double.PositiveInfinity),
        .. Ensemble.Numbers("NoiseErrorLimit", (options, value) => options.NoiseErrorLimit = value, 0.9, -1, double.NaN, double.PositiveInfinity),
        .. Ensemble.Numbers("FinalLearningRateRatio", (options, value) => options.FinalLearningRateRatio = value, -0.1, 1.1, double.NaN),
        Ensemble.AtLeast(1, "EarlyOptimizerSteps", (options, value) => options.EarlyOptimizerSteps = value),
        Ensemble.AtLeast(1, "EarlyRows", (options, value) => options.EarlyRows = value),
        Ensemble.AtLeast(1, "FirstOptimizerSteps", (options, value) => options.FirstOptimizerSteps = value),
        Ensemble.AtLeast(1, "OptimizerSteps", (options, value) => options.OptimizerSteps = value),
        Ensemble.AtLeast(1, "BatchSize", (options, value) => options.BatchSize = value),
        .. Ensemble.Numbers("HoldoutRatio", (options, value) => options.HoldoutRatio = value, -0.1, 0.95, double.NaN),
        Ensemble.AtLeast(1, "MaxHoldoutRows", (options, value) => options.MaxHoldoutRows = value),
        Ensemble.AtLeast(1, "Patience", (options, value) => options.Patience = value),
        Ensemble.Refused<ArgumentException>(
            "Patience", "without rows held out", options => (options.Patience, options.HoldoutRatio) = (3, 0), "HoldoutRatio is 0"),
        Ensemble.AtLeast(1, "HoldoutInterval", (options, value) => options.HoldoutInterval = value),
        Ensemble.Refused<ArgumentException>("Device", "unknown", options => options.Device = "gpu", "'gpu'", "'cpu'"),
        Ensemble.Refused<ArgumentException>("Device", "a number of no device", options => options.Device = "cuda:99", "'cuda:99'"),
        Ensemble.Refused<ArgumentOutOfRangeException>("Acceleration", "undefined", options => options.Acceleration = (Acceleration)9, "Actual value was 9"),
        .. Ensemble.Numbers("Workers", (options, value) => options.Workers = (int)value, 0, 3),
    ];
}
