using System.Numerics;
using System.Numerics.Tensors;
using MbpoML.Numerics.Kernels;

namespace MbpoML.Numerics.Networks;

/// <summary>
/// Layer normalisation without learned factors, row by row: y = (x - mean) · scale with scale = 1 / √(variance + epsilon). Matrices are row-major without
/// gaps; any width works.
/// </summary>
internal static class LayerNormKernels
{
    /// <summary>Brings each row to zero mean and unit variance.</summary>
    /// <param name="matrix">[rows, width], changed in place.</param>
    /// <param name="width">Columns.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="scales">What each row was multiplied with, for the backward pass: [rows], or empty where there is none.</param>
    public static void Apply(Span<float> matrix, int width, float epsilon, Span<float> scales)
    {
        for (var index = 0; matrix.Length > 0; matrix = matrix[width..], index++)
        {
            var row = matrix[..width];
            // The variance of what is left after the mean: the mean of squares less the square of the mean would lose places where the mean is large.
            TensorPrimitives.Subtract(row, TensorPrimitives.Sum<float>(row) / width, row);
            var scale = 1 / MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(row) / width) + epsilon);
            TensorPrimitives.Multiply(row, scale, row);
            if (!scales.IsEmpty) scales[index] = scale;
        }
    }

    /// <summary>The backward pass: delta = scale · (delta - mean(delta) - output · mean(delta · output)), row by row.</summary>
    /// <param name="delta">[rows, width]: the derivative by the output becomes that by what was normalised.</param>
    /// <param name="output">[rows, width], from <see cref="Apply"/>.</param>
    /// <param name="width">Columns.</param>
    /// <param name="scales">[rows], from <see cref="Apply"/>.</param>
    public static void Back(Span<float> delta, ReadOnlySpan<float> output, int width, ReadOnlySpan<float> scales)
    {
        for (var index = 0; delta.Length > 0; delta = delta[width..], output = output[width..], index++)
        {
            var row = delta[..width];
            var given = output[..width];
            var scale = scales[index];
            var (mean, along) = (TensorPrimitives.Sum<float>(row) / width, TensorPrimitives.Dot(row, given) / width);
            var rows = row.Vectors();
            var givens = given.Vectors();
            var (means, alongs, factor) = (new Vector<float>(mean), new Vector<float>(along), new Vector<float>(scale));
            for (var at = 0; at < rows.Length; at++) rows[at] = (rows[at] - means - (givens[at] * alongs)) * factor;
            for (var at = given.Tail(); at < row.Length; at++) row[at] = (row[at] - mean - (given[at] * along)) * scale;
        }
    }
}
