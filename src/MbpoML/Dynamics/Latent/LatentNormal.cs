using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Latent;

/// <summary>Normal distributions with independent dimensions.</summary>
/// <param name="Mean">μ, [rows, stochastic]</param>
/// <param name="Deviation">σ, [rows, stochastic], above 0.</param>
internal readonly record struct LatentNormal(Tensor Mean, Tensor Deviation)
{
    /// <summary>μ + σ ε.</summary>
    /// <param name="noise">ε, [rows, stochastic], standard normal.</param>
    public Tensor Draw(Tensor noise) => Mean.Plus(Deviation * noise);
}
