using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;

namespace MbpoML.Tests.BadInput;

/// <summary>Bad settings of soft actor-critic.</summary>
internal static class SoftActorCriticOptionCases
{
    private static readonly OptionCases<SoftActorCriticTrainer.Options> Sac = new(
        "SoftActorCriticTrainer.Options", options => Samples.Rl.Policies.SoftActorCritic(options));

    public static IEnumerable<BadCase> All =>
    [
        Sac.Refused<ArgumentNullException>("HiddenSizes", "null", options => options.HiddenSizes = null!),
        Sac.Refused<ArgumentOutOfRangeException>("HiddenSizes", "empty", options => options.HiddenSizes = [], "Actual value was []"),
        Sac.Refused<ArgumentOutOfRangeException>("HiddenSizes", "a layer of none", options => options.HiddenSizes = [8, -1], "Actual value was [8, -1]"),
        .. Sac.Numbers("LearningRate", (options, value) => options.LearningRate = value, 0, -1, double.NaN, double.PositiveInfinity),
        .. Sac.Numbers("ActorLearningRate", (options, value) => options.ActorLearningRate = value, 0, -1, double.NaN),
        .. Sac.Numbers("EntropyLearningRate", (options, value) => options.EntropyLearningRate = value, 0, -1, double.NaN),
        .. Sac.Numbers("MaxEntropyCoefficient", (options, value) => options.MaxEntropyCoefficient = value, 0, -1, double.NaN),
        .. Sac.Numbers("LeastTarget", (options, value) => options.LeastTarget = value, double.NaN, double.NegativeInfinity),
        .. Sac.Numbers("Discount", (options, value) => options.Discount = value, -0.1, 1.1, double.NaN),
        .. Sac.Numbers("TargetSmoothing", (options, value) => options.TargetSmoothing = value, 0, 1.1, double.NaN),
        .. Sac.Numbers("RewardScale", (options, value) => options.RewardScale = value, 0, -1, double.NaN, double.PositiveInfinity),
        .. Sac.Numbers("TargetEntropy", (options, value) => options.TargetEntropy = value, double.NaN, double.NegativeInfinity),
        .. Sac.Numbers("EntropyCoefficient", (options, value) => options.EntropyCoefficient = value, -0.1, double.NaN, double.PositiveInfinity),
        .. Sac.Numbers("GradientClipping", (options, value) => options.GradientClipping = value, 0, -1, double.NaN, double.PositiveInfinity),
        .. Sac.Numbers("MaxAbsoluteQ", (options, value) => options.MaxAbsoluteQ = value, 0, -1, double.NaN, double.PositiveInfinity),
        .. Sac.Numbers("ValueExpansionSteps", (options, value) => options.ValueExpansionSteps = (int)value, -1, 1001),
        Sac.AtLeast(1, "BatchSize", (options, value) => options.BatchSize = value),
        Sac.AtLeast(1, "Updates", (options, value) => options.Updates = value),
        Sac.Refused<ArgumentException>("ActionSpace", "an infinite bound", options => options.ActionSpace = BoxSpace.Unbounded(1), "finite bounds"),
        Sac.Refused<ArgumentException>("Device", "empty", options => options.Device = "", "''"),
        Sac.Refused<ArgumentException>("Device", "unknown", options => options.Device = "tpu9", "'tpu9'"),
        Sac.Refused<ArgumentOutOfRangeException>("Acceleration", "undefined", options => options.Acceleration = (Acceleration)9, "Actual value was 9"),
        .. Sac.Numbers("Workers", (options, value) => options.Workers = (int)value, 0, 3),
        Sac.Refused<ArgumentNullException>("OutputColumnName", "null", options => options.OutputColumnName = null!),
        Sac.Refused<ArgumentException>("OutputColumnName", "blank", options => options.OutputColumnName = " "),
    ];
}
