using System.Numerics.Tensors;

namespace MbpoML.Numerics;

/// <summary>Biases and the hyperbolic tangent, row by row. Matrices are row-major without gaps; any width works.</summary>
internal static class TanhKernels
{
    /// <summary>matrix = tanh(matrix + bias), row by row.</summary>
    public static void AddBias(Span<float> matrix, ReadOnlySpan<float> bias)
    {
        for (; matrix.Length > 0; matrix = matrix[bias.Length..])
        {
            var row = matrix[..bias.Length];
            TensorPrimitives.Add(row, bias, row);
            TensorPrimitives.Tanh(row, row);
        }
    }

    /// <summary>The same, which also keeps the activation's derivative at matrix + bias for the way back.</summary>
    public static void AddBias(Span<float> matrix, ReadOnlySpan<float> bias, Span<float> derivative)
    {
        for (; matrix.Length > 0; matrix = matrix[bias.Length..], derivative = derivative[bias.Length..])
        {
            var row = matrix[..bias.Length];
            var slope = derivative[..bias.Length];
            TensorPrimitives.Add(row, bias, row);
            TensorPrimitives.Tanh(row, row);
            // 1 - tanh² as a product keeps its last places where tanh is close to 1.
            for (var index = 0; index < row.Length; index++) slope[index] = (1 - row[index]) * (1 + row[index]);
        }
    }
}
