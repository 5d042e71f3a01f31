using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>How large values can be, from what rewards can add up to.</summary>
internal static class CriticLimits
{
    // So many times that is exploded, as for soft actor-critic.
    private const double Margin = 1000;

    // Of a discount of 1, whose values have no end.
    private const double LeastEnding = 1e-3;

    /// <summary>A mean value that no learning gives.</summary>
    /// <param name="log">The log.</param>
    /// <param name="rewardScale">What rewards are multiplied with.</param>
    /// <param name="discount">γ</param>
    public static double Of(OfflineLog log, double rewardScale, double discount)
    {
        using var scope = NewDisposeScope();
        var largest = log.Layout.Reward(log.Rows).abs().max().item<float>();
        return Margin * (1 + (rewardScale * largest)) / Math.Max(1 - discount, LeastEnding);
    }
}
