using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Numerics.Kernels;

/// <summary>Shortens the gradient of a network to a largest Euclidean norm, keeping its direction.</summary>
/// <remarks>R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks" (ICML 2013), Algorithm 1.</remarks>
internal static class GradientClip
{
    /// <summary>
    /// The factor of a gradient: 1 unless the gradient is too long. A norm of NaN clips nothing, so that the check of the weights finds it.
    /// </summary>
    /// <param name="sumOfSquares">The sum of the squares of all values of the gradient.</param>
    /// <param name="maxNorm">Above 0.</param>
    public static float Factor(double sumOfSquares, double maxNorm)
    {
        var norm = Math.Sqrt(sumOfSquares);
        return norm > maxNorm ? (float)(maxNorm / norm) : 1;
    }

    /// <summary>Clips a gradient in place.</summary>
    public static void Apply(Span<float> gradient, double maxNorm) => Multiply(gradient, Factor(TensorPrimitives.SumOfSquares<float>(gradient), maxNorm));

    /// <summary>Clips a gradient in place, on any device and without waiting for it.</summary>
    public static void Apply(Tensor gradient, double maxNorm) => gradient.mul_(Factor(gradient.Squared().sum(), maxNorm));

    /// <summary><see cref="Factor(double, double)"/> of each of several networks; intermediate tensors are left to the caller's dispose scope.</summary>
    public static Tensor Factor(Tensor sumOfSquares, double maxNorm) => sumOfSquares.sqrt().Over(maxNorm).NotBelow(1).reciprocal();

    /// <summary>Multiplies in place, where the factor is not 1.</summary>
    public static void Multiply(Span<float> gradient, float factor)
    {
        if (factor != 1) TensorPrimitives.Multiply(gradient, factor, gradient);
    }
}
