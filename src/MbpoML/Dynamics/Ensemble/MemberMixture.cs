using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>The mixture of an ensemble's members, each with equal weight.</summary>
internal static class MemberMixture
{
    /// <summary>Its mean and standard deviation, by the law of total variance: the mean of the members' variances plus the variance of their means.</summary>
    /// <param name="members">Both [members, batch, outputs].</param>
    /// <returns>Both [batch, outputs].</returns>
    public static (Tensor Mean, Tensor StandardDeviation) Of((Tensor Mean, Tensor StandardDeviation) members)
    {
        var mean = members.Mean.mean([0L]);
        var variance = members.StandardDeviation.Squared().mean([0L]).Plus((members.Mean - mean).Squared().mean([0L]));
        return (mean, variance.sqrt());
    }
}
