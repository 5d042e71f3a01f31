using System.Numerics;
using System.Runtime.InteropServices;

namespace MbpoML.Policies.Fused;

/// <summary>The passes over memory between two matrix products, each fused into one. Matrices are row-major without gaps; any width works.</summary>
internal static class Kernels
{
    /// <summary>matrix = max(0, matrix + bias), row by row.</summary>
    public static void AddBiasRelu(Span<float> matrix, ReadOnlySpan<float> bias)
    {
        var biasVectors = Vectors(bias);
        for (; matrix.Length > 0; matrix = matrix[bias.Length..])
        {
            var row = matrix[..bias.Length];
            var vectors = Vectors(row);
            for (var index = 0; index < vectors.Length; index++) vectors[index] = Vector.Max(vectors[index] + biasVectors[index], Vector<float>.Zero);
            for (var index = Tail(row); index < row.Length; index++) row[index] = MathF.Max(row[index] + bias[index], 0);
        }
    }

    /// <summary>The gradient of ReLU, and of the biases below it: delta is set to zero where the activation is, and summed by column.</summary>
    public static void MaskAndSum(Span<float> delta, ReadOnlySpan<float> activation, Span<float> columnSums)
    {
        columnSums.Clear();
        var sums = Vectors(columnSums);
        for (; delta.Length > 0; delta = delta[columnSums.Length..], activation = activation[columnSums.Length..])
        {
            var row = delta[..columnSums.Length];
            var active = Vectors(activation[..columnSums.Length]);
            var vectors = Vectors(row);
            for (var index = 0; index < vectors.Length; index++)
            {
                vectors[index] = Active(vectors[index], active[index]);
                sums[index] += vectors[index];
            }
            for (var index = Tail(row); index < row.Length; index++)
            {
                if (activation[index] <= 0) row[index] = 0;
                columnSums[index] += row[index];
            }
        }
    }

    /// <summary>The gradient of ReLU alone.</summary>
    public static void Mask(Span<float> delta, ReadOnlySpan<float> activation)
    {
        var vectors = Vectors(delta);
        var active = Vectors(activation);
        for (var index = 0; index < vectors.Length; index++) vectors[index] = Active(vectors[index], active[index]);
        for (var index = Tail(delta); index < delta.Length; index++)
            if (activation[index] <= 0) delta[index] = 0;
    }

    /// <summary>A last layer of one output: output[i] = matrix[i] · weights + bias.</summary>
    public static void Dot(ReadOnlySpan<float> matrix, ReadOnlySpan<float> weights, float bias, Span<float> output)
    {
        var weightVectors = Vectors(weights);
        for (var index = 0; index < output.Length; index++)
        {
            var row = matrix.Slice(index * weights.Length, weights.Length);
            var vectors = Vectors(row);
            var sums = Vector<float>.Zero;
            for (var column = 0; column < vectors.Length; column++) sums += vectors[column] * weightVectors[column];
            var sum = Vector.Sum(sums);
            for (var column = Tail(row); column < row.Length; column++) sum += row[column] * weights[column];
            output[index] = sum + bias;
        }
    }

    /// <summary>The way back through a last layer of one output and the ReLU below: delta[i] = outputDelta[i] · weights where active.</summary>
    public static void DotBackward(ReadOnlySpan<float> outputDelta, ReadOnlySpan<float> weights, ReadOnlySpan<float> activation, Span<float> delta)
    {
        var weightVectors = Vectors(weights);
        for (var index = 0; index < outputDelta.Length; index++)
        {
            var row = delta.Slice(index * weights.Length, weights.Length);
            var activeRow = activation.Slice(index * weights.Length, weights.Length);
            var vectors = Vectors(row);
            var active = Vectors(activeRow);
            var factor = outputDelta[index];
            for (var column = 0; column < vectors.Length; column++) vectors[column] = Active(weightVectors[column] * factor, active[column]);
            for (var column = Tail(row); column < row.Length; column++) row[column] = activeRow[column] > 0 ? weights[column] * factor : 0;
        }
    }

    /// <summary>
    /// The gradient of that last layer's weights, sum over i of outputDelta[i] · matrix[i], and the column sums of delta, which are the gradient of the
    /// biases below.
    /// </summary>
    public static void DotGradient(
        ReadOnlySpan<float> outputDelta, ReadOnlySpan<float> activation, ReadOnlySpan<float> delta,
        Span<float> weightGradient, Span<float> columnSums)
    {
        weightGradient.Clear();
        columnSums.Clear();
        var weightVectors = Vectors(weightGradient);
        var sums = Vectors(columnSums);
        var width = columnSums.Length;
        for (var index = 0; index < outputDelta.Length; index++)
        {
            var activeRow = activation.Slice(index * width, width);
            var deltaRow = delta.Slice(index * width, width);
            var active = Vectors(activeRow);
            var vectors = Vectors(deltaRow);
            var factor = outputDelta[index];
            for (var column = 0; column < vectors.Length; column++)
            {
                weightVectors[column] += active[column] * factor;
                sums[column] += vectors[column];
            }
            for (var column = Tail(deltaRow); column < width; column++)
            {
                weightGradient[column] += activeRow[column] * factor;
                columnSums[column] += deltaRow[column];
            }
        }
    }

    /// <summary>target += rate · (source - target).</summary>
    public static void MoveTowards(Span<float> target, ReadOnlySpan<float> source, float rate)
    {
        var targets = Vectors(target);
        var sources = Vectors(source);
        for (var index = 0; index < targets.Length; index++) targets[index] += (sources[index] - targets[index]) * rate;
        for (var index = Tail(target); index < target.Length; index++) target[index] += (source[index] - target[index]) * rate;
    }

    /// <summary>target += summand.</summary>
    public static void Add(Span<float> target, ReadOnlySpan<float> summand)
    {
        var targets = Vectors(target);
        var summands = Vectors(summand);
        for (var index = 0; index < targets.Length; index++) targets[index] += summands[index];
        for (var index = Tail(target); index < target.Length; index++) target[index] += summand[index];
    }

    private static Vector<float> Active(Vector<float> value, Vector<float> activation) =>
        Vector.ConditionalSelect(Vector.GreaterThan(activation, Vector<float>.Zero), value, Vector<float>.Zero);

    private static Span<Vector<float>> Vectors(Span<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);

    // Where the values begin that do not fill a vector.
    private static int Tail(ReadOnlySpan<float> values) => values.Length - (values.Length % Vector<float>.Count);
}
