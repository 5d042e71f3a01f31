using System.Numerics;
using MbpoML.Numerics.Kernels;

namespace MbpoML.Numerics.Networks;

/// <summary>Biases and the hyperbolic tangent in one pass over memory. Matrices are row-major without gaps; any width works.</summary>
internal static class TanhKernels
{
    /// <summary>matrix = tanh(matrix + bias), row by row.</summary>
    public static void AddBias(Span<float> matrix, ReadOnlySpan<float> bias)
    {
        var biases = bias.Vectors();
        for (; matrix.Length > 0; matrix = matrix[bias.Length..])
        {
            var row = matrix[..bias.Length];
            var vectors = row.Vectors();
            for (var index = 0; index < vectors.Length; index++) vectors[index] = VectorMath.Tanh(vectors[index] + biases[index]);
            for (var index = bias.Tail(); index < row.Length; index++) row[index] = MathF.Tanh(row[index] + bias[index]);
        }
    }

    /// <summary>The same, which also keeps the activation's derivative at matrix + bias for the backward pass.</summary>
    public static void AddBias(Span<float> matrix, ReadOnlySpan<float> bias, Span<float> derivative)
    {
        AddBias(matrix, bias);
        derivative = derivative[..matrix.Length];
        var vectors = matrix.Vectors();
        var slopes = derivative.Vectors();
        // 1 - tanh² as a product keeps its last places where tanh is close to 1.
        for (var index = 0; index < vectors.Length; index++) slopes[index] = (Vector<float>.One - vectors[index]) * (Vector<float>.One + vectors[index]);
        for (var index = ((ReadOnlySpan<float>)matrix).Tail(); index < matrix.Length; index++) derivative[index] = (1 - matrix[index]) * (1 + matrix[index]);
    }
}
