using MbpoML.Numerics.Kernels;
using MbpoML.Policies.OnPolicy;
using static TorchSharp.torch;

namespace MbpoML.Policies.TrustRegion;

/// <summary>
/// Products with the Fisher matrix of a Gaussian policy in closed form: mean Jᵀ diag(1/σ²) J for the weights of the means, and 2 for each log deviation.
/// It is the Hessian of the mean divergence at the old policy.
/// </summary>
/// <param name="policy">The policy.</param>
/// <param name="parameters">[parameters], those of the old policy</param>
/// <param name="observations">[rows, n], scaled; the mean is over them.</param>
internal sealed class FisherProduct(GaussianPolicy policy, Tensor parameters, Tensor observations)
{
    private readonly Tensor[] _values = policy.Mean.Forward(parameters, observations);

    // 1 / (N σ²)
    private readonly Tensor _weights = policy.LogDeviation(parameters).Times(-2).exp_().Over(observations.size(0));

    /// <summary>F·v</summary>
    /// <param name="direction">v, [parameters]</param>
    /// <returns>[parameters]</returns>
    public Tensor Apply(Tensor direction)
    {
        var ofMean = policy.Mean.Backward(parameters, _values, policy.Mean.Tangent(parameters, _values, direction).mul_(_weights));
        return cat([ofMean, policy.LogDeviation(direction).Times(2)], 0);
    }
}
