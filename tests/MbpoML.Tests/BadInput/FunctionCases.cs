using MbpoML.Environments.Functions;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Termination and reward functions that are none, return nonsense, or are asked about batches that do not fit together.</summary>
internal static class FunctionCases
{
    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>("TerminationFunction.FromRow(RowTermination)", "null", () => TerminationFunction.FromRow(null!), "isTerminal"),
        .. Batches("TerminationFunction.FromRow(RowTermination)", TerminationFunction.FromRow((_, _, _) => false).Evaluate),
        Bad<ArgumentNullException>(
            "TerminationFunction.FromTensors(Func<Tensor, Tensor, Tensor, Tensor>)", "null", () => TerminationFunction.FromTensors(null!), "isTerminal"),
        .. Batches("TerminationFunction.FromTensors(Func<Tensor, Tensor, Tensor, Tensor>)",
            TerminationFunction.FromTensors((_, _, next) => next.select(1, 0).gt(1)).Evaluate),
        .. Results("TerminationFunction.FromTensors(Func<Tensor, Tensor, Tensor, Tensor>)",
            result => TerminationFunction.FromTensors((_, _, _) => result()).Evaluate, ScalarType.Float32),
        Bad<ArgumentNullException>("RewardFunction.FromRow(RowReward)", "null", () => RewardFunction.FromRow(null!), "reward"),
        .. Batches("RewardFunction.FromRow(RowReward)", RewardFunction.FromRow((_, _, _) => 1).Evaluate),
        Bad<InvalidOperationException>("RewardFunction.FromRow(RowReward)", "a reward that is NaN",
            () => RewardFunction.FromRow((_, _, _) => float.NaN).Evaluate(zeros(2, 2), zeros(2, 1), zeros(2, 2)), "NaN for row 0"),
        Bad<ArgumentNullException>(
            "RewardFunction.FromTensors(Func<Tensor, Tensor, Tensor, Tensor>)", "null", () => RewardFunction.FromTensors(null!), "reward"),
        .. Batches("RewardFunction.FromTensors(Func<Tensor, Tensor, Tensor, Tensor>)", RewardFunction.FromTensors((_, _, next) => next.select(1, 0)).Evaluate),
        .. Results("RewardFunction.FromTensors(Func<Tensor, Tensor, Tensor, Tensor>)", result => RewardFunction.FromTensors((_, _, _) => result()).Evaluate,
            ScalarType.Bool),
        Bad<ArgumentNullException>("TerminationFunction.Approximate(ITerminationFunction)", "null", () => TerminationFunction.Approximate(null!), "function"),
        .. Batches("TerminationFunction.Approximate(ITerminationFunction)", TerminationFunction.Approximate(TerminationFunction.Never).Evaluate),
        Bad<ArgumentNullException>("RewardFunction.Approximate(IRewardFunction)", "null", () => RewardFunction.Approximate(null!), "function"),
        .. Batches("RewardFunction.Approximate(IRewardFunction)", RewardFunction.Approximate(RewardFunction.FromRow((_, _, _) => 1)).Evaluate),
    ];

    private static IEnumerable<BadCase> Batches(string member, Func<Tensor, Tensor, Tensor, Tensor> evaluate) =>
    [
        Bad<ArgumentNullException>(member, "no observations", () => evaluate(null!, zeros(2, 1), zeros(2, 2)), "observation"),
        Bad<ArgumentNullException>(member, "no actions", () => evaluate(zeros(2, 2), null!, zeros(2, 2)), "action"),
        Bad<ArgumentException>(member, "fewer actions", () => evaluate(zeros(2, 2), zeros(1, 1), zeros(2, 2)), "[2, 2]", "[1, 1]"),
        Bad<ArgumentException>(member, "smaller next observations", () => evaluate(zeros(2, 2), zeros(2, 1), zeros(2, 1)), "nextObservation", "[2, 1]"),
        Bad<ArgumentException>(member, "doubles", () => evaluate(zeros(2, 2, float64), zeros(2, 1), zeros(2, 2)), "observation", "Float64"),
        Bad<ArgumentException>(member, "an observation without its batch", () => evaluate(zeros(2), zeros(2, 1), zeros(2, 2)), "observation", "[2]"),
        Bad<ObjectDisposedException>(member, "disposed actions", () => evaluate(zeros(2, 2), Samples.Disposed(2, 1), zeros(2, 2)), "action"),
    ];

    private static IEnumerable<BadCase> Results(string member, Func<Func<Tensor>, Func<Tensor, Tensor, Tensor, Tensor>> make, ScalarType wrong)
    {
        BadCase Result(string what, Func<Tensor> result, params string[] message) =>
            Bad<InvalidOperationException>(member, what, () => make(result)(zeros(2, 2), zeros(2, 1), zeros(2, 2)), message);
        return
        [
            Result("a result that is null", () => null!, "returned null"),
            Result("a result of another type", () => zeros(2, wrong), $"{wrong}"),
            Result("a result for one row", () => zeros(1), "[1]"),
            Result("a result of a column", () => zeros(2, 1), "[2, 1]"),
        ];
    }
}
