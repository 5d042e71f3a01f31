using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MbpoML.Numerics.Kernels;

/// <summary>A row of a tile: four vectors of sums, which the compiler keeps in registers.</summary>
internal readonly unsafe struct WideTile(Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth)
{
    private const int Width = 16;

    private readonly Vector512<float> _first = first, _second = second, _third = third, _fourth = fourth;

    /// <summary>Six rows and 64 columns of the product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Set(in StridedMatrix left, in StridedMatrix right, in StridedMatrix output, int row, int column, bool adds)
    {
        var (stride, step, inner) = (left.RowStride, left.ColumnStride, left.Columns);
        var factors = left.Start + ((long)row * stride);
        var weights = right.Start + column;
        var rightStride = right.RowStride;
        WideTile first = default, second = default, third = default, fourth = default, fifth = default, sixth = default;
        for (var index = 0; index < inner; index++)
        {
            var vectors = Load(weights);
            first = first.Plus(factors[0], vectors);
            second = second.Plus(factors[stride], vectors);
            third = third.Plus(factors[2 * stride], vectors);
            fourth = fourth.Plus(factors[3 * stride], vectors);
            fifth = fifth.Plus(factors[4 * stride], vectors);
            sixth = sixth.Plus(factors[5 * stride], vectors);
            factors += step;
            weights += rightStride;
        }

        var to = output.Start + ((long)row * output.RowStride) + column;
        first.Store(to, adds);
        second.Store(to + output.RowStride, adds);
        third.Store(to + (2 * output.RowStride), adds);
        fourth.Store(to + (3 * output.RowStride), adds);
        fifth.Store(to + (4 * output.RowStride), adds);
        sixth.Store(to + (5 * output.RowStride), adds);
    }

    /// <summary>Two rows and 64 columns of the product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void SetPair(in StridedMatrix left, in StridedMatrix right, in StridedMatrix output, int row, int column, bool adds)
    {
        var (stride, step, inner) = (left.RowStride, left.ColumnStride, left.Columns);
        var factors = left.Start + ((long)row * stride);
        var weights = right.Start + column;
        var rightStride = right.RowStride;
        WideTile first = default, second = default;
        for (var index = 0; index < inner; index++)
        {
            var vectors = Load(weights);
            first = first.Plus(factors[0], vectors);
            second = second.Plus(factors[stride], vectors);
            factors += step;
            weights += rightStride;
        }

        var to = output.Start + ((long)row * output.RowStride) + column;
        first.Store(to, adds);
        second.Store(to + output.RowStride, adds);
    }

    /// <summary>One row and 64 columns of the product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void SetRow(in StridedMatrix left, in StridedMatrix right, in StridedMatrix output, int row, int column, bool adds)
    {
        var factors = left.Start + ((long)row * left.RowStride);
        var weights = right.Start + column;
        var (step, rightStride, inner) = (left.ColumnStride, right.RowStride, left.Columns);
        WideTile sums = default;
        for (var index = 0; index < inner; index++)
        {
            sums = sums.Plus(factors[0], Load(weights));
            factors += step;
            weights += rightStride;
        }

        sums.Store(output.Start + ((long)row * output.RowStride) + column, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static WideTile Load(float* from) =>
        new(Vector512.Load(from), Vector512.Load(from + Width), Vector512.Load(from + (2 * Width)), Vector512.Load(from + (3 * Width)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WideTile Plus(float factor, WideTile weights)
    {
        var factors = Vector512.Create(factor);
        return new(
            Vector512.FusedMultiplyAdd(factors, weights._first, _first), Vector512.FusedMultiplyAdd(factors, weights._second, _second),
            Vector512.FusedMultiplyAdd(factors, weights._third, _third), Vector512.FusedMultiplyAdd(factors, weights._fourth, _fourth));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(float* to, bool adds)
    {
        var there = adds ? Load(to) : default;
        (_first + there._first).Store(to);
        (_second + there._second).Store(to + Width);
        (_third + there._third).Store(to + (2 * Width));
        (_fourth + there._fourth).Store(to + (3 * Width));
    }
}
