using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies.ValueGradient;

namespace MbpoML.Tests.BadInput;

/// <summary>Bad settings of the value gradient.</summary>
internal static class ValueGradientOptionCases
{
    private static readonly OptionCases<ValueGradientTrainer.Options> Gradient = new(
        "ValueGradientTrainer.Options", options => Samples.Rl.Policies.ValueGradient(options));

    public static IEnumerable<BadCase> All =>
    [
        Gradient.Refused<ArgumentNullException>("ActorHiddenSizes", "null", options => options.ActorHiddenSizes = null!),
        Gradient.Refused<ArgumentOutOfRangeException>("ActorHiddenSizes", "empty", options => options.ActorHiddenSizes = [], "Actual value was []"),
        Gradient.Refused<ArgumentNullException>("CriticHiddenSizes", "null", options => options.CriticHiddenSizes = null!),
        Gradient.Refused<ArgumentOutOfRangeException>(
            "CriticHiddenSizes", "a layer of none", options => options.CriticHiddenSizes = [8, -1], "Actual value was [8, -1]"),
        .. Gradient.Numbers("Horizon", (options, value) => options.Horizon = (int)value, 0, 101),
        .. Gradient.Numbers("Critics", (options, value) => options.Critics = (int)value, 0, 101),
        .. Gradient.Numbers("TargetCritics", (options, value) => options.TargetCritics = (int)value, 0, 6),
        .. Gradient.Numbers("CriticDropout", (options, value) => options.CriticDropout = value, -0.1, 1, double.NaN),
        Gradient.AtLeast(2, "BatchSize", (options, value) => options.BatchSize = value),
        .. Gradient.Numbers("ActorLearningRate", (options, value) => options.ActorLearningRate = value, 0, -1, double.NaN, double.PositiveInfinity),
        .. Gradient.Numbers("CriticLearningRate", (options, value) => options.CriticLearningRate = value, 0, -1, double.NaN, double.PositiveInfinity),
        .. Gradient.Numbers("TemperatureLearningRate", (options, value) => options.TemperatureLearningRate = value, 0, -1, double.NaN, double.PositiveInfinity),
        .. Gradient.Numbers("ScaleTolerance", (options, value) => options.ScaleTolerance = value, -1, double.NaN, double.PositiveInfinity),
        .. Gradient.Numbers("WeightDecay", (options, value) => options.WeightDecay = value, -1, 1e6, double.NaN, double.PositiveInfinity),
        .. Gradient.Numbers("Discount", (options, value) => options.Discount = value, -0.1, 1, double.NaN),
        .. Gradient.Numbers("TargetSmoothing", (options, value) => options.TargetSmoothing = value, 0, 1.1, double.NaN),
        .. Gradient.Numbers("InitialTemperature", (options, value) => options.InitialTemperature = value, 0, -1, double.NaN, double.PositiveInfinity),
        .. Gradient.Numbers("TargetEntropy", (options, value) => options.TargetEntropy = value, double.NaN, double.NegativeInfinity),
        .. Gradient.Numbers("BoundsRate", (options, value) => options.BoundsRate = value, 0, 1.1, double.NaN),
        .. Gradient.Numbers("ActorAveraging", (options, value) => options.ActorAveraging = value, 0, 1.1, double.NaN),
        Gradient.AtLeast(1, "Updates", (options, value) => options.Updates = value),
        Gradient.Refused<ArgumentException>("ActionSpace", "an infinite bound", options => options.ActionSpace = BoxSpace.Unbounded(1), "finite bounds"),
        Gradient.Refused<ArgumentException>("Device", "empty", options => options.Device = "", "''"),
        Gradient.Refused<ArgumentException>("Device", "unknown", options => options.Device = "tpu9", "'tpu9'"),
        Gradient.Refused<ArgumentOutOfRangeException>("Acceleration", "undefined", options => options.Acceleration = (Acceleration)9, "Actual value was 9"),
        .. Gradient.Numbers("Workers", (options, value) => options.Workers = (int)value, 0, 3),
        Gradient.Refused<ArgumentNullException>("OutputColumnName", "null", options => options.OutputColumnName = null!),
        Gradient.Refused<ArgumentException>("OutputColumnName", "blank", options => options.OutputColumnName = " "),
    ];
}
