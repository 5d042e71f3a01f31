using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>Asks a reward function about imagined steps.</summary>
internal static class KnownReward
{
    private const string Giver = "The reward function";

    /// <summary>The rewards of steps that are numbers.</summary>
    /// <param name="function">Gives them.</param>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="action">[batch, action]</param>
    /// <param name="next">[batch, observation]</param>
    /// <returns>[batch]</returns>
    /// <exception cref="InvalidOperationException">The result has another form, or the function refuses what is not finite.</exception>
    public static Tensor Of(IRewardFunction function, Tensor observation, Tensor action, Tensor next) =>
        TensorCheck.Column(function.Evaluate(observation, action, next), next.size(0), ScalarType.Float32, Giver);

    /// <summary>
    /// The rewards of steps of which some left the range of numbers, or belong to a rollout that is over: the function is not made for these.
    /// </summary>
    /// <param name="function">Is asked about the other steps, and may give what is not finite.</param>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="action">[batch, action]</param>
    /// <param name="next">[batch, observation]</param>
    /// <param name="goesOn">Whether the rollout of a step was not over before it, bool [batch]; null: none was.</param>
    /// <returns>[batch]: NaN where a step left the range of numbers, and 0 where the rollout was over.</returns>
    /// <exception cref="InvalidOperationException">The result has another form.</exception>
    public static Tensor Anywhere(IRewardFunction function, Tensor observation, Tensor action, Tensor next, Tensor? goesOn)
    {
        using var scope = NewDisposeScope();
        var count = next.size(0);
        var isWhole = goesOn is null || goesOn.all().item<bool>();
        if (isWhole && IsFinite(observation) && IsFinite(action) && IsFinite(next))
            return Unchecked(function, observation, action, next).MoveToOuterDisposeScope();
        var open = goesOn ?? ones([count], ScalarType.Bool, next.device);
        var rewards = zeros([count], ScalarType.Float32, next.device).Filled(open, double.NaN);
        var asked = cat([observation, action, next], 1).isfinite().all(1).logical_and(open);
        var rows = asked.nonzero().squeeze(1);
        if (rows.size(0) > 0)
            rewards.index_copy_(
                0, rows, Unchecked(function, observation.index_select(0, rows), action.index_select(0, rows), next.index_select(0, rows)));
        return rewards.MoveToOuterDisposeScope();
    }

    /// <summary>Which steps of whole rollouts come after none that ended the task.</summary>
    /// <param name="terminated">bool [steps · rows], step after step.</param>
    /// <param name="rows">How many rollouts there are.</param>
    /// <returns>bool [steps · rows]</returns>
    public static Tensor GoingOn(Tensor terminated, long rows)
    {
        using var scope = NewDisposeScope();
        var ends = terminated.view(-1, rows).to(ScalarType.Int64);
        return ends.cumsum(0).sub(ends).Above(0).logical_not().view(-1).MoveToOuterDisposeScope();
    }

    private static Tensor Unchecked(IRewardFunction function, Tensor observation, Tensor action, Tensor next) =>
        TensorCheck.Column(RewardFunction.Unchecked(function, observation, action, next), next.size(0), ScalarType.Float32, Giver);

    // No sum of float32 in float64 overflows.
    private static bool IsFinite(Tensor value) => double.IsFinite(value.sum(ScalarType.Float64).item<double>());
}
