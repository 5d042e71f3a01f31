using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MbpoML.Numerics.Kernels;

/// <summary>Columns of a product that fill one vector.</summary>
internal static unsafe class WideStrip
{
    /// <summary>Six rows and 16 columns of the product.</summary>
    /// <param name="left">[rows, inner]</param>
    /// <param name="right">[inner, columns], row by row.</param>
    /// <param name="output">[rows, columns], row by row.</param>
    /// <param name="row">The first row.</param>
    /// <param name="column">The first column.</param>
    /// <param name="done">So many of the 16 columns are left as they are.</param>
    /// <param name="adds">Whether the product is added to what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Set(in StridedMatrix left, in StridedMatrix right, in StridedMatrix output, int row, int column, int done, bool adds)
    {
        var (stride, step, inner) = (left.RowStride, left.ColumnStride, left.Columns);
        var factors = left.Start + ((long)row * stride);
        var weights = right.Start + column;
        var rightStride = right.RowStride;
        Vector512<float> first = default, second = default, third = default, fourth = default, fifth = default, sixth = default;
        for (var index = 0; index < inner; index++)
        {
            var vector = Vector512.Load(weights);
            first = Vector512.FusedMultiplyAdd(Vector512.Create(factors[0]), vector, first);
            second = Vector512.FusedMultiplyAdd(Vector512.Create(factors[stride]), vector, second);
            third = Vector512.FusedMultiplyAdd(Vector512.Create(factors[2 * stride]), vector, third);
            fourth = Vector512.FusedMultiplyAdd(Vector512.Create(factors[3 * stride]), vector, fourth);
            fifth = Vector512.FusedMultiplyAdd(Vector512.Create(factors[4 * stride]), vector, fifth);
            sixth = Vector512.FusedMultiplyAdd(Vector512.Create(factors[5 * stride]), vector, sixth);
            factors += step;
            weights += rightStride;
        }

        var to = output.Start + ((long)row * output.RowStride) + column;
        Store(first, to, done, adds);
        Store(second, to + output.RowStride, done, adds);
        Store(third, to + (2 * output.RowStride), done, adds);
        Store(fourth, to + (3 * output.RowStride), done, adds);
        Store(fifth, to + (4 * output.RowStride), done, adds);
        Store(sixth, to + (5 * output.RowStride), done, adds);
    }

    /// <summary>One row and 16 columns of the product; the rest as above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void SetRow(in StridedMatrix left, in StridedMatrix right, in StridedMatrix output, int row, int column, int done, bool adds)
    {
        var factors = left.Start + ((long)row * left.RowStride);
        var weights = right.Start + column;
        var (step, rightStride, inner) = (left.ColumnStride, right.RowStride, left.Columns);
        Vector512<float> sum = default;
        for (var index = 0; index < inner; index++)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.Create(factors[0]), Vector512.Load(weights), sum);
            factors += step;
            weights += rightStride;
        }

        Store(sum, output.Start + ((long)row * output.RowStride) + column, done, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> sum, float* to, int done, bool adds)
    {
        if (adds) sum += Vector512.Load(to);
        if (done > 0) sum = Vector512.ConditionalSelect(Vector512.LessThan(Vector512<float>.Indices, Vector512.Create((float)done)), Vector512.Load(to), sum);
        sum.Store(to);
    }
}
