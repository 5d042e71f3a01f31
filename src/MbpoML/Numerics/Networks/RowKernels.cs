using System.Numerics.Tensors;
using MbpoML.Numerics.Kernels;

namespace MbpoML.Numerics.Networks;

/// <summary>Passes over memory that are the same for every activation. Matrices are row-major without gaps; any width works.</summary>
internal static class RowKernels
{
    /// <summary>matrix = matrix + bias, row by row.</summary>
    public static void AddBias(Span<float> matrix, ReadOnlySpan<float> bias)
    {
        for (; matrix.Length > 0; matrix = matrix[bias.Length..]) TensorPrimitives.Add(matrix[..bias.Length], bias, matrix);
    }

    /// <summary>Adds the columns of a matrix to their sums, as the gradient of biases asks for.</summary>
    public static void AddColumns(ReadOnlySpan<float> matrix, Span<float> columnSums)
    {
        for (; matrix.Length > 0; matrix = matrix[columnSums.Length..]) TensorPrimitives.Add(columnSums, matrix[..columnSums.Length], columnSums);
    }

    /// <summary>
    /// The gradient of an activation, and of the biases below it: delta is multiplied by the derivative, and its columns are added to their sums.
    /// </summary>
    public static void MultiplyAndSum(Span<float> delta, ReadOnlySpan<float> derivative, Span<float> columnSums)
    {
        var sums = columnSums.Vectors();
        for (; delta.Length > 0; delta = delta[columnSums.Length..], derivative = derivative[columnSums.Length..])
        {
            var row = delta[..columnSums.Length];
            var slope = derivative[..columnSums.Length];
            var vectors = row.Vectors();
            var slopes = slope.Vectors();
            for (var index = 0; index < vectors.Length; index++)
            {
                vectors[index] *= slopes[index];
                sums[index] += vectors[index];
            }
            for (var index = slope.Tail(); index < row.Length; index++)
            {
                row[index] *= slope[index];
                columnSums[index] += row[index];
            }
        }
    }

    /// <summary>A last layer of one output: output[i] = matrix[i] · weights + bias.</summary>
    public static void Dot(ReadOnlySpan<float> matrix, ReadOnlySpan<float> weights, float bias, Span<float> output)
    {
        for (var index = 0; index < output.Length; index++)
            output[index] = TensorPrimitives.Dot(matrix.Slice(index * weights.Length, weights.Length), weights) + bias;
    }

    /// <summary>The backward pass through a last layer of one output.</summary>
    /// <param name="outputDelta">The derivative by the output: [rows]</param>
    /// <param name="weights">The weights of the last layer: [columns]</param>
    /// <param name="input">What the last layer read: [rows, columns]</param>
    /// <param name="delta">outputDelta[i] · weights: [rows, columns]; it may be the memory of the input.</param>
    /// <param name="weightGradient">The sum over i of outputDelta[i] · input[i] is added: [columns], or empty where it is not wanted.</param>
    public static void DotBackward(
        ReadOnlySpan<float> outputDelta, ReadOnlySpan<float> weights, ReadOnlySpan<float> input, Span<float> delta, Span<float> weightGradient)
    {
        for (var index = 0; index < outputDelta.Length; index++)
        {
            var (start, factor) = (index * weights.Length, outputDelta[index]);
            if (!weightGradient.IsEmpty) TensorPrimitives.MultiplyAdd(input.Slice(start, weights.Length), factor, weightGradient, weightGradient);
            TensorPrimitives.Multiply(weights, factor, delta.Slice(start, weights.Length));
        }
    }
}
