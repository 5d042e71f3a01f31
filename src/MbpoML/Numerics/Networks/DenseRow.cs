using System.Numerics.Tensors;

namespace MbpoML.Numerics.Networks;

/// <summary>A dense layer on a single row, in managed code.</summary>
internal static class DenseRow
{
    /// <summary>output = biases + input · weights.</summary>
    /// <param name="weights">[in, out], row-major</param>
    /// <param name="biases">[out]</param>
    /// <param name="input">[in]</param>
    /// <param name="output">[out], overwritten; not the memory of the input.</param>
    public static void Apply(ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, ReadOnlySpan<float> input, Span<float> output)
    {
        biases.CopyTo(output);
        for (var row = 0; row < input.Length; row++)
            TensorPrimitives.MultiplyAdd(weights.Slice(row * output.Length, output.Length), input[row], output, output);
    }
}
