using MbpoML.Numerics.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Latent;

/// <summary>Convolutions and transposed ones of stride 2 without padding.</summary>
/// <remarks>
/// On the CPU torch hands them to oneDNN. For some numbers of channels that multiplies weights of zero with memory that nobody has set. Usually it gives
/// nothing; where the memory holds no numbers it gives none, and results change from run to run. Seen with torch 2.10, forward and backward, for 2, 4, 12, 20,
/// 24 and 40 channels. It was never seen for multiples of 16 beside each other, or beside 1 or 3. Elsewhere the same is written as a matrix product.
/// </remarks>
internal static class StridedConvolution
{
    private static readonly long[] Stride = [2, 2];

    /// <summary>A convolution.</summary>
    /// <param name="input">[rows, in, height, width]</param>
    /// <param name="weights">[out, in, kernel height, kernel width]</param>
    /// <param name="biases">[out]</param>
    public static Tensor Convolve(Tensor input, Tensor weights, Tensor biases) => IsSafe(input, weights)
        ? nn.functional.conv2d(input, weights, biases, Stride) : ConvolveByProduct(input, weights, biases);

    /// <summary>A transposed convolution.</summary>
    /// <param name="input">[rows, in, height, width]</param>
    /// <param name="weights">[in, out, kernel height, kernel width]</param>
    /// <param name="biases">[out]</param>
    public static Tensor Transpose(Tensor input, Tensor weights, Tensor biases) => IsSafe(input, weights)
        ? nn.functional.conv_transpose2d(input, weights, biases, Stride) : TransposeByProduct(input, weights, biases);

    /// <summary><see cref="Convolve"/> as a product of what each kernel sees with the weights.</summary>
    internal static Tensor ConvolveByProduct(Tensor input, Tensor weights, Tensor biases)
    {
        var (rows, kernel) = (input.size(0), (weights.size(2), weights.size(3)));
        var (height, width) = (((input.size(2) - kernel.Item1) / 2) + 1, ((input.size(3) - kernel.Item2) / 2) + 1);
        var seen = nn.functional.unfold(input, kernel, stride: (2, 2)).transpose(1, 2).reshape(rows * height * width, -1);
        return addmm(biases, seen, weights.flatten(1).t(), 1, 1).view(rows, height * width, -1).transpose(1, 2).reshape(rows, -1, height, width);
    }

    /// <summary><see cref="Transpose"/> as a product that gives what each pixel adds, and the sum of it.</summary>
    internal static Tensor TransposeByProduct(Tensor input, Tensor weights, Tensor biases)
    {
        var (rows, pixels, kernel) = (input.size(0), input.size(2) * input.size(3), (weights.size(2), weights.size(3)));
        var (height, width) = ((2 * (input.size(2) - 1)) + kernel.Item1, (2 * (input.size(3) - 1)) + kernel.Item2);
        var added = input.flatten(2).transpose(1, 2).reshape(rows * pixels, -1).mm(weights.flatten(1)).view(rows, pixels, -1).transpose(1, 2);
        return nn.functional.fold(added, (height, width), kernel, stride: (2, 2)).Plus(biases.view(1, -1, 1, 1));
    }

    private static bool IsSafe(Tensor input, Tensor weights)
    {
        if (input.device_type != DeviceType.CPU) return true;
        var (one, other) = (weights.size(0), weights.size(1));
        return (IsWhole(one) && (IsWhole(other) || other is 1 or 3)) || (IsWhole(other) && one is 1 or 3);
    }

    // Fills the registers of every processor there is.
    private static bool IsWhole(long channels) => channels % 16 == 0;
}
