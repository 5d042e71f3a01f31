using System.Numerics;
using MbpoML.Numerics.Kernels;

namespace MbpoML.Numerics.Networks;

/// <summary>Biases and x · sigmoid(x) in one pass over memory. Matrices are row-major without gaps; any width works.</summary>
internal static class SiluKernels
{
    /// <summary>values = silu(values)</summary>
    public static void Apply(Span<float> values)
    {
        var vectors = values.Vectors();
        for (var index = 0; index < vectors.Length; index++) vectors[index] *= VectorMath.Sigmoid(vectors[index]);
        for (var index = ((ReadOnlySpan<float>)values).Tail(); index < values.Length; index++) values[index] *= Sigmoid(values[index]);
    }

    /// <summary>matrix = silu(matrix + bias), row by row.</summary>
    public static void AddBias(Span<float> matrix, ReadOnlySpan<float> bias)
    {
        var biases = bias.Vectors();
        for (; matrix.Length > 0; matrix = matrix[bias.Length..])
        {
            var row = matrix[..bias.Length];
            var vectors = row.Vectors();
            for (var index = 0; index < vectors.Length; index++)
            {
                var sum = vectors[index] + biases[index];
                vectors[index] = sum * VectorMath.Sigmoid(sum);
            }
            for (var index = ((ReadOnlySpan<float>)row).Tail(); index < row.Length; index++)
            {
                var sum = row[index] + bias[index];
                row[index] = sum * Sigmoid(sum);
            }
        }
    }

    /// <summary>The same, which also keeps the activation's derivative at matrix + bias for the backward pass.</summary>
    public static void AddBias(Span<float> matrix, ReadOnlySpan<float> bias, Span<float> derivative)
    {
        var biases = bias.Vectors();
        for (; matrix.Length > 0; matrix = matrix[bias.Length..], derivative = derivative[bias.Length..])
        {
            var row = matrix[..bias.Length];
            var slope = derivative[..bias.Length];
            var vectors = row.Vectors();
            var slopes = slope.Vectors();
            for (var index = 0; index < vectors.Length; index++)
            {
                var sum = vectors[index] + biases[index];
                var sigmoid = VectorMath.Sigmoid(sum);
                var silu = sum * sigmoid;
                (vectors[index], slopes[index]) = (silu, sigmoid + (silu * (Vector<float>.One - sigmoid)));
            }
            for (var index = ((ReadOnlySpan<float>)row).Tail(); index < row.Length; index++)
            {
                var sum = row[index] + bias[index];
                var sigmoid = Sigmoid(sum);
                (row[index], slope[index]) = (sum * sigmoid, sigmoid + (sum * sigmoid * (1 - sigmoid)));
            }
        }
    }

    private static float Sigmoid(float value) => 1 / (1 + MathF.Exp(-value));
}
