using MbpoML.Data;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>What rewards are multiplied with, so that critics meet numbers of an order that they can learn, whatever the unit of the reward.</summary>
internal static class RewardScales
{
    // IQL's scale of returns (CORL).
    private const double ReturnRange = 1000;

    /// <summary>One over the root mean square of the rewards; 1 where there are none.</summary>
    /// <param name="log">The log.</param>
    public static double OneOverSize(OfflineLog log)
    {
        using var scope = NewDisposeScope();
        var size = Math.Sqrt(log.Layout.Reward(log.Rows).to(ScalarType.Float64).Squared().mean().item<double>());
        return size > 0 ? 1 / size : 1;
    }

    /// <summary>1000 over the range of the episodes' returns, as IQL has it; <see cref="OneOverSize"/> where all episodes are equal.</summary>
    /// <param name="log">The log.</param>
    public static double ByReturns(OfflineLog log)
    {
        using var scope = NewDisposeScope();
        var numbers = EpisodeNumbers.Of(log.Layout, log.Rows);
        var returns = zeros(numbers[^1].item<long>() + 1, ScalarType.Float64).index_add_(
            0, numbers, log.Layout.Reward(log.Rows).to(ScalarType.Float64), ScalarArithmetic.One);
        var range = (returns.max() - returns.min()).item<double>();
        return range > 0 ? ReturnRange / range : OneOverSize(log);
    }
}
