using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>Standard normal numbers within two standard deviations.</summary>
internal static class TruncatedNormal
{
    // erf(2 / √2): the share of a normal distribution within two standard deviations.
    private const double Share = 0.954499736103642;

    /// <summary>Draws by the inverse of the distribution: √2 erfinv(u), u uniform on ±erf(√2).</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="generator">The generator of all random numbers.</param>
    /// <returns>float32, within ±2.</returns>
    // The method of the tensor: the function torch.erfinv of TorchSharp calls erf, and trunc_normal_ leaves its generator out.
    public static Tensor Draw(ReadOnlySpan<long> shape, Generator generator) =>
        rand(shape.ToArray(), ScalarType.Float32, generator: generator).MultiplyInPlace(2 * Share).AddInPlace(-Share).erfinv().MultiplyInPlace(Math.Sqrt(2));
}
