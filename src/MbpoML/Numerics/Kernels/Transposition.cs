using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MbpoML.Numerics.Kernels;

/// <summary>Writes a matrix column by column, blocks of eight by eight numbers at a time.</summary>
internal static unsafe class Transposition
{
    // So many rows fill a line of the processor's memory: it is written in one go, where columns lie far apart.
    private const int Strip = 16, Block = 8;

    /// <summary>to = fromᵀ</summary>
    /// <param name="from">[rows, columns], row by row.</param>
    /// <param name="to">[columns, rows], row by row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(StridedMatrix from, StridedMatrix to)
    {
        var (wholeRows, wholeColumns) = Avx.IsSupported ? (from.Rows / Block * Block, from.Columns / Block * Block) : (0, 0);
        for (var strip = 0; strip < wholeRows; strip += Strip)
        {
            var end = Math.Min(strip + Strip, wholeRows);
            for (var column = 0; column < wholeColumns; column += Block)
                for (var row = strip; row < end; row += Block)
                    CopyBlock(from.Start + ((long)row * from.RowStride) + column, from.RowStride, to.Start + ((long)column * to.RowStride) + row, to.RowStride);
        }

        CopyRest(from, to, 0, wholeRows, wholeColumns);
        CopyRest(from, to, wholeRows, from.Rows, 0);
    }

    // Pairs of rows are mixed number by number, then pairs of pairs, then the halves of vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyBlock(float* from, int fromStride, float* to, int toStride)
    {
        var (low01, high01) = Mixed(from, fromStride);
        var (low23, high23) = Mixed(from + (2 * fromStride), fromStride);
        var (low45, high45) = Mixed(from + (4 * fromStride), fromStride);
        var (low67, high67) = Mixed(from + (6 * fromStride), fromStride);
        Store(Firsts(low01, low23), Firsts(low45, low67), to, toStride);
        Store(Lasts(low01, low23), Lasts(low45, low67), to + toStride, toStride);
        Store(Firsts(high01, high23), Firsts(high45, high67), to + (2 * toStride), toStride);
        Store(Lasts(high01, high23), Lasts(high45, high67), to + (3 * toStride), toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Low, Vector256<float> High) Mixed(float* from, int stride)
    {
        var (first, second) = (Vector256.Load(from), Vector256.Load(from + stride));
        return (Avx.UnpackLow(first, second), Avx.UnpackHigh(first, second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Firsts(Vector256<float> upper, Vector256<float> lower) => Avx.Shuffle(upper, lower, 0b01_00_01_00);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Lasts(Vector256<float> upper, Vector256<float> lower) => Avx.Shuffle(upper, lower, 0b11_10_11_10);

    // A column of the block, and the one four further on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> upper, Vector256<float> lower, float* to, int stride)
    {
        Avx.Permute2x128(upper, lower, 0x20).Store(to);
        Avx.Permute2x128(upper, lower, 0x31).Store(to + (4 * stride));
    }

    private static void CopyRest(StridedMatrix from, StridedMatrix to, int firstRow, int lastRow, int firstColumn)
    {
        for (var row = firstRow; row < lastRow; row++)
            for (var column = firstColumn; column < from.Columns; column++)
                to.Start[((long)column * to.RowStride) + row] = from.Start[((long)row * from.RowStride) + column];
    }
}
