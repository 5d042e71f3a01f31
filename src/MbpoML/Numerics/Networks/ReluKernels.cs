using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MbpoML.Numerics.Networks;

/// <summary>
/// The passes over memory between two matrix products of a ReLU layer, each fused into one: its output says by itself where the gradient passes.
/// Matrices are row-major without gaps; any width works.
/// </summary>
/// <remarks>
/// A row is cut out of its span first, which checks its length; inside the row memory is read through references, because the checks of every single index
/// cost up to a third of loops as short as these. Nothing is flushed to zero here: a unit is silent when its activation is not above zero, denormals included.
/// </remarks>
internal static class ReluKernels
{
    private static readonly nuint Width = (nuint)Vector<float>.Count;

    /// <summary>matrix = max(0, matrix + bias), row by row; NaN stays NaN.</summary>
    public static void AddBias(Span<float> matrix, ReadOnlySpan<float> bias)
    {
        var (columns, whole) = ((nuint)bias.Length, Whole(bias.Length));
        ref var biases = ref MemoryMarshal.GetReference(bias);
        for (; matrix.Length > 0; matrix = matrix[bias.Length..])
        {
            ref var row = ref MemoryMarshal.GetReference(matrix[..bias.Length]);
            nuint column = 0;
            for (; column < whole; column += Width) Relu(Load(ref row, column) + Load(ref biases, column)).StoreUnsafe(ref row, column);
            for (; column < columns; column++) At(ref row, column) = MathF.Max(0, At(ref row, column) + At(ref biases, column));
        }
    }

    /// <summary>The same, which also keeps the activation's derivative at matrix + bias, for layers whose output does not say it by itself.</summary>
    public static void AddBias(Span<float> matrix, ReadOnlySpan<float> bias, Span<float> derivative)
    {
        AddBias(matrix, bias);
        var (length, whole) = ((nuint)matrix.Length, Whole(matrix.Length));
        ref var active = ref MemoryMarshal.GetReference(matrix);
        ref var slopes = ref MemoryMarshal.GetReference(derivative[..matrix.Length]);
        nuint index = 0;
        for (; index < whole; index += Width) WhereActive(Vector<float>.One, Load(ref active, index)).StoreUnsafe(ref slopes, index);
        for (; index < length; index++) At(ref slopes, index) = At(ref active, index) > 0 ? 1 : 0;
    }

    /// <summary><see cref="AddBias(Span{float}, ReadOnlySpan{float})"/> and a last layer of one output: output[i] = matrix[i] · weights +
    /// outputBias.</summary>
    public static void AddBiasDot(Span<float> matrix, ReadOnlySpan<float> bias, ReadOnlySpan<float> weights, float outputBias, Span<float> output)
    {
        var (columns, whole) = ((nuint)bias.Length, Whole(bias.Length));
        ref var biases = ref MemoryMarshal.GetReference(bias);
        ref var factors = ref MemoryMarshal.GetReference(weights[..bias.Length]);
        for (var index = 0; index < output.Length; index++)
        {
            ref var row = ref MemoryMarshal.GetReference(matrix.Slice(index * bias.Length, bias.Length));
            var sums = Vector<float>.Zero;
            nuint column = 0;
            for (; column < whole; column += Width)
            {
                var active = Relu(Load(ref row, column) + Load(ref biases, column));
                active.StoreUnsafe(ref row, column);
                sums += active * Load(ref factors, column);
            }
            var sum = Vector.Sum(sums);
            for (; column < columns; column++)
            {
                At(ref row, column) = MathF.Max(0, At(ref row, column) + At(ref biases, column));
                sum += At(ref row, column) * At(ref factors, column);
            }
            output[index] = sum + outputBias;
        }
    }

    /// <summary>The gradient of ReLU: delta is set to zero where the activation is.</summary>
    public static void Mask(Span<float> delta, ReadOnlySpan<float> activation)
    {
        var (length, whole) = ((nuint)delta.Length, Whole(delta.Length));
        ref var deltas = ref MemoryMarshal.GetReference(delta);
        ref var active = ref MemoryMarshal.GetReference(activation[..delta.Length]);
        nuint index = 0;
        for (; index < whole; index += Width) WhereActive(Load(ref deltas, index), Load(ref active, index)).StoreUnsafe(ref deltas, index);
        for (; index < length; index++)
            if (At(ref active, index) <= 0) At(ref deltas, index) = 0;
    }

    /// <summary>The same, which also adds the masked delta's columns to the gradient of the biases below.</summary>
    public static void MaskAndSum(Span<float> delta, ReadOnlySpan<float> activation, Span<float> columnSums)
    {
        var (columns, whole) = ((nuint)columnSums.Length, Whole(columnSums.Length));
        ref var sums = ref MemoryMarshal.GetReference(columnSums);
        for (; delta.Length > 0; delta = delta[columnSums.Length..], activation = activation[columnSums.Length..])
        {
            ref var row = ref MemoryMarshal.GetReference(delta[..columnSums.Length]);
            ref var active = ref MemoryMarshal.GetReference(activation[..columnSums.Length]);
            nuint column = 0;
            for (; column < whole; column += Width)
            {
                var masked = WhereActive(Load(ref row, column), Load(ref active, column));
                masked.StoreUnsafe(ref row, column);
                (Load(ref sums, column) + masked).StoreUnsafe(ref sums, column);
            }
            for (; column < columns; column++)
            {
                if (At(ref active, column) <= 0) At(ref row, column) = 0;
                At(ref sums, column) += At(ref row, column);
            }
        }
    }

    /// <summary>The gradient of ReLU for chosen rows: row i of delta belongs to row rows[i] of the activations.</summary>
    public static void MaskRows(Span<float> delta, ReadOnlySpan<float> activation, ReadOnlySpan<int> rows, int width)
    {
        var (columns, whole) = ((nuint)width, Whole(width));
        for (var index = 0; index < rows.Length; index++)
        {
            ref var row = ref MemoryMarshal.GetReference(delta.Slice(index * width, width));
            ref var active = ref MemoryMarshal.GetReference(activation.Slice(rows[index] * width, width));
            nuint column = 0;
            for (; column < whole; column += Width) WhereActive(Load(ref row, column), Load(ref active, column)).StoreUnsafe(ref row, column);
            for (; column < columns; column++)
                if (At(ref active, column) <= 0) At(ref row, column) = 0;
        }
    }

    /// <summary>The backward pass through a last layer of one output and the ReLU below, with the gradients of both.</summary>
    /// <param name="outputDelta">The derivative by the output: [rows]</param>
    /// <param name="weights">The weights of the last layer: [columns]</param>
    /// <param name="activation">What the last layer read: [rows, columns]</param>
    /// <param name="delta">outputDelta[i] · weights where active, else 0: [rows, columns]</param>
    /// <param name="weightGradient">The sum over i of outputDelta[i] · activation[i] is added: [columns]</param>
    /// <param name="columnSums">The column sums of delta, which are the gradient of the biases below, are added: [columns]</param>
    public static void DotBackward(
        ReadOnlySpan<float> outputDelta, ReadOnlySpan<float> weights, ReadOnlySpan<float> activation,
        Span<float> delta, Span<float> weightGradient, Span<float> columnSums)
    {
        var (columns, whole) = ((nuint)weights.Length, Whole(weights.Length));
        ref var factors = ref MemoryMarshal.GetReference(weights);
        ref var gradients = ref MemoryMarshal.GetReference(weightGradient[..weights.Length]);
        ref var sums = ref MemoryMarshal.GetReference(columnSums[..weights.Length]);
        for (var index = 0; index < outputDelta.Length; index++)
        {
            ref var row = ref MemoryMarshal.GetReference(delta.Slice(index * weights.Length, weights.Length));
            ref var active = ref MemoryMarshal.GetReference(activation.Slice(index * weights.Length, weights.Length));
            var factor = outputDelta[index];
            nuint column = 0;
            for (; column < whole; column += Width)
            {
                var activations = Load(ref active, column);
                var masked = WhereActive(Load(ref factors, column) * factor, activations);
                masked.StoreUnsafe(ref row, column);
                (Load(ref sums, column) + masked).StoreUnsafe(ref sums, column);
                (Load(ref gradients, column) + (activations * factor)).StoreUnsafe(ref gradients, column);
            }
            for (; column < columns; column++)
            {
                At(ref row, column) = At(ref active, column) > 0 ? At(ref factors, column) * factor : 0;
                At(ref sums, column) += At(ref row, column);
                At(ref gradients, column) += At(ref active, column) * factor;
            }
        }
    }

    /// <summary>
    /// The backward pass for chosen rows, without gradients: delta[i] = outputDelta[i] · weights where row rows[i] of the activations is active.
    /// </summary>
    public static void DotBackwardRows(
        ReadOnlySpan<float> outputDelta, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, ReadOnlySpan<float> activation, Span<float> delta)
    {
        var (columns, whole) = ((nuint)weights.Length, Whole(weights.Length));
        ref var factors = ref MemoryMarshal.GetReference(weights);
        for (var index = 0; index < rows.Length; index++)
        {
            ref var row = ref MemoryMarshal.GetReference(delta.Slice(index * weights.Length, weights.Length));
            ref var active = ref MemoryMarshal.GetReference(activation.Slice(rows[index] * weights.Length, weights.Length));
            var factor = outputDelta[index];
            nuint column = 0;
            for (; column < whole; column += Width) WhereActive(Load(ref factors, column) * factor, Load(ref active, column)).StoreUnsafe(ref row, column);
            for (; column < columns; column++) At(ref row, column) = At(ref active, column) > 0 ? At(ref factors, column) * factor : 0;
        }
    }

    // Zero first: the processor's own maximum gives its second operand when one is NaN, and the exact one of the framework costs three instructions more.
    private static Vector<float> Relu(Vector<float> value) => Vector.MaxNative(Vector<float>.Zero, value);

    private static Vector<float> WhereActive(Vector<float> value, Vector<float> activation) =>
        Vector.ConditionalSelect(Vector.GreaterThan(activation, Vector<float>.Zero), value, Vector<float>.Zero);

    private static Vector<float> Load(ref float first, nuint index) => Vector.LoadUnsafe(ref first, index);

    private static ref float At(ref float first, nuint index) => ref Unsafe.Add(ref first, index);

    // How many of the values fill whole vectors.
    private static nuint Whole(int length) => (nuint)(length - (length % Vector<float>.Count));
}
