using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>A Gaussian squashed by tanh, whose mean and logarithm of the standard deviation are the two halves of an actor's output, [.., 2·action].</summary>
internal static class SquashedGaussian
{
    /// <summary>The range to which the official code clips the log standard deviation.</summary>
    public const float LogStandardDeviationLow = -20, LogStandardDeviationHigh = 2;

    /// <summary>A reparametrised draw from standard normal noise, and its log-probability; differentiable in <paramref name="head"/>.</summary>
    /// <param name="head">[.., 2·action]</param>
    /// <param name="noise">[.., action]</param>
    /// <returns>The action in (-1, 1), [.., action], and log π of it, [..].</returns>
    public static (Tensor Action, Tensor LogProbability) Sample(Tensor head, Tensor noise)
    {
        var logStandardDeviation = LogStandardDeviation(head);
        var preTanh = Mean(head).Plus(logStandardDeviation.exp() * noise);
        // (u - mean) / std is the noise itself, so the normal density needs no division.
        var logNormal = (noise.Squared().Times(-0.5) - logStandardDeviation).Plus(-0.5 * Math.Log(2 * Math.PI));
        return (preTanh.tanh(), (logNormal - LogDerivativeOfTanh(preTanh)).sum(-1L));
    }

    /// <summary>The most likely draw before the squashing, squashed: tanh of the mean, [.., action].</summary>
    public static Tensor Mode(Tensor head) => Mean(head).tanh();

    /// <summary>log(1 - tanh²(u)) = 2 (log 2 - u - softplus(-2u)), which neither overflows nor cancels for large |u|.</summary>
    public static Tensor LogDerivativeOfTanh(Tensor preTanh) => (preTanh.neg().Plus(Math.Log(2)) - preTanh.Times(-2).Softplus()).Times(2);

    private static Tensor Mean(Tensor head) => head.narrow(-1, 0, head.size(-1) / 2);

    // A clamp, whose own gradient torch cannot form on the meta device that the tests look for transfers with.
    private static Tensor LogStandardDeviation(Tensor head)
    {
        var free = head.narrow(-1, head.size(-1) / 2, head.size(-1) / 2);
        return free.Filled(free.Below(LogStandardDeviationLow), LogStandardDeviationLow).Filled(free.Above(LogStandardDeviationHigh), LogStandardDeviationHigh);
    }
}
