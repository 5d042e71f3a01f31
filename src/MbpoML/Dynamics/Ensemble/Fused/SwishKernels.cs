using System.Numerics;
using System.Runtime.InteropServices;
using MbpoML.Numerics;

namespace MbpoML.Dynamics.Fused;

/// <summary>The passes over memory between two matrix products of a network whose activation is x · sigmoid(x). Matrices are row-major without gaps; any width works.</summary>
internal static class SwishKernels
{
    /// <summary>matrix = swish(matrix + bias), row by row.</summary>
    public static void AddBiasSwish(Span<float> matrix, ReadOnlySpan<float> bias)
    {
        var biases = Vectors(bias);
        for (; matrix.Length > 0; matrix = matrix[bias.Length..])
        {
            var row = matrix[..bias.Length];
            var vectors = Vectors(row);
            for (var index = 0; index < vectors.Length; index++)
            {
                var sum = vectors[index] + biases[index];
                vectors[index] = sum * VectorMath.Sigmoid(sum);
            }
            for (var index = Tail(row); index < row.Length; index++)
            {
                var sum = row[index] + bias[index];
                row[index] = sum * Sigmoid(sum);
            }
        }
    }

    /// <summary>The same, which also keeps the activation's derivative at matrix + bias for the way back.</summary>
    public static void AddBiasSwish(Span<float> matrix, ReadOnlySpan<float> bias, Span<float> derivative)
    {
        var biases = Vectors(bias);
        for (; matrix.Length > 0; matrix = matrix[bias.Length..], derivative = derivative[bias.Length..])
        {
            var row = matrix[..bias.Length];
            var slope = derivative[..bias.Length];
            var vectors = Vectors(row);
            var slopes = Vectors(slope);
            for (var index = 0; index < vectors.Length; index++)
            {
                var sum = vectors[index] + biases[index];
                var sigmoid = VectorMath.Sigmoid(sum);
                var swish = sum * sigmoid;
                (vectors[index], slopes[index]) = (swish, sigmoid + (swish * (Vector<float>.One - sigmoid)));
            }
            for (var index = Tail(row); index < row.Length; index++)
            {
                var sum = row[index] + bias[index];
                var sigmoid = Sigmoid(sum);
                (row[index], slope[index]) = (sum * sigmoid, sigmoid + (sum * sigmoid * (1 - sigmoid)));
            }
        }
    }

    /// <summary>The gradient of the activation, and of the biases below it: delta is multiplied by the derivative and summed by column.</summary>
    public static void MultiplyAndSum(Span<float> delta, ReadOnlySpan<float> derivative, Span<float> columnSums)
    {
        columnSums.Clear();
        var sums = Vectors(columnSums);
        for (; delta.Length > 0; delta = delta[columnSums.Length..], derivative = derivative[columnSums.Length..])
        {
            var row = delta[..columnSums.Length];
            var slope = derivative[..columnSums.Length];
            var vectors = Vectors(row);
            var slopes = Vectors(slope);
            for (var index = 0; index < vectors.Length; index++)
            {
                vectors[index] *= slopes[index];
                sums[index] += vectors[index];
            }
            for (var index = Tail(row); index < row.Length; index++)
            {
                row[index] *= slope[index];
                columnSums[index] += row[index];
            }
        }
    }

    private static float Sigmoid(float value) => 1 / (1 + MathF.Exp(-value));

    private static Span<Vector<float>> Vectors(Span<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);

    // Where the values begin that do not fill a vector.
    private static int Tail(ReadOnlySpan<float> values) => values.Length - (values.Length % Vector<float>.Count);
}
