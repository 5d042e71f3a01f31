using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MbpoML.Numerics.Kernels;

/// <summary>Writes a matrix column by column, four by four numbers at a time.</summary>
internal static unsafe class Transposition
{
    private const int Block = 4;

    /// <summary>to = fromᵀ</summary>
    /// <param name="from">[rows, columns], row by row.</param>
    /// <param name="to">[columns, rows], row by row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(StridedMatrix from, StridedMatrix to)
    {
        var (wholeRows, wholeColumns) = (Sse.IsSupported ? from.Rows / Block * Block : 0, from.Columns / Block * Block);
        for (var row = 0; row < wholeRows; row += Block)
        {
            for (var column = 0; column < wholeColumns; column += Block)
                CopyBlock(from.Start + ((long)row * from.RowStride) + column, from.RowStride, to.Start + ((long)column * to.RowStride) + row, to.RowStride);
            CopyRest(from, to, row, row + Block, wholeColumns);
        }

        CopyRest(from, to, wholeRows, from.Rows, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyBlock(float* from, int fromStride, float* to, int toStride)
    {
        var (first, second) = (Vector128.Load(from), Vector128.Load(from + fromStride));
        var (third, fourth) = (Vector128.Load(from + (2 * fromStride)), Vector128.Load(from + (3 * fromStride)));
        var (low, high) = (Sse.UnpackLow(first, second), Sse.UnpackHigh(first, second));
        var (lowBelow, highBelow) = (Sse.UnpackLow(third, fourth), Sse.UnpackHigh(third, fourth));
        Sse.MoveLowToHigh(low, lowBelow).Store(to);
        Sse.MoveHighToLow(lowBelow, low).Store(to + toStride);
        Sse.MoveLowToHigh(high, highBelow).Store(to + (2 * toStride));
        Sse.MoveHighToLow(highBelow, high).Store(to + (3 * toStride));
    }

    private static void CopyRest(StridedMatrix from, StridedMatrix to, int firstRow, int lastRow, int firstColumn)
    {
        for (var row = firstRow; row < lastRow; row++)
            for (var column = firstColumn; column < from.Columns; column++)
                to.Start[((long)column * to.RowStride) + row] = from.Start[((long)row * from.RowStride) + column];
    }
}
