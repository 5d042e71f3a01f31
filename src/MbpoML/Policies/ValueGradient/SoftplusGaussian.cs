using MbpoML.Numerics.Kernels;
using MbpoML.Policies.SoftActorCritic;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <summary>
/// A Gaussian squashed by tanh, whose mean μ and raw deviation ρ are the two halves of an actor's output, [.., 2·action]; σ = softplus(ρ) + 1e-5.
/// </summary>
internal static class SoftplusGaussian
{
    /// <summary>A reparametrised draw from standard normal noise, and its log-probability; differentiable in <paramref name="head"/>.</summary>
    /// <param name="head">[.., 2·action]</param>
    /// <param name="noise">[.., action]</param>
    /// <returns>The action in (-1, 1), [.., action], and log π of it, [..].</returns>
    public static (Tensor Action, Tensor LogProbability) Sample(Tensor head, Tensor noise)
    {
        var deviation = Deviation(head);
        var preTanh = Mean(head).Plus(deviation * noise);
        // (u - mean) / std is the noise itself, so the normal density needs no division.
        var logNormal = (noise.Squared().Times(-0.5) - deviation.log()).Plus(-0.5 * Math.Log(2 * Math.PI));
        return (preTanh.tanh(), (logNormal - SquashedGaussian.LogDerivativeOfTanh(preTanh)).sum(-1L));
    }

    /// <summary>The most likely draw before the squashing, squashed: tanh of the mean, [.., action].</summary>
    public static Tensor Mode(Tensor head) => Mean(head).tanh();

    /// <summary>σ, [.., action]</summary>
    public static Tensor Deviation(Tensor head) =>
        head.narrow(-1, head.size(-1) / 2, head.size(-1) / 2).Softplus().Plus(ActorParameters.LeastSoftplusDeviation);

    private static Tensor Mean(Tensor head) => head.narrow(-1, 0, head.size(-1) / 2);
}
