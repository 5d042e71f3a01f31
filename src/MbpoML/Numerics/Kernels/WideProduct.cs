using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MbpoML.Numerics.Kernels;

/// <summary>
/// Matrix products on processors with vectors of 16 numbers. Torch's own library takes half of their width on some of them: there these are twice as fast.
/// </summary>
/// <remarks>
/// Each number of the result is the sum over the inner dimension in its order, with one rounding a term. So it depends on neither the other rows nor on where
/// anything lies: however rows are cut into blocks, the bits are the same.
/// </remarks>
internal static unsafe class WideProduct
{
    // A tile of the result stays in the processor's registers: six rows of four vectors.
    private const int TileRows = 6, Width = 16, TileColumns = 4 * Width;

    // What a thread needs for right matrices that do not lie row by row, and for narrow ones.
    [ThreadStatic]
    private static Scratch? _packed, _narrow;

    /// <summary>Whether this processor has the vectors.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    /// <summary>output = left · right, or output = output + left · right.</summary>
    /// <param name="left">[rows, inner]</param>
    /// <param name="right">[inner, columns], row by row or column by column.</param>
    /// <param name="output">[rows, columns], row by row; shares no memory with the others.</param>
    /// <param name="adds">Whether the product is added to what is there.</param>
    public static void Set(StridedMatrix left, StridedMatrix right, StridedMatrix output, bool adds = false)
    {
        Debug.Assert(left.Columns == right.Rows && left.Rows == output.Rows && right.Columns == output.Columns, "sizes");
        if (right.ColumnStride != 1 || right.Columns < Width) right = Pack(right);
        if (output.Columns >= Width) SetWide(left, right, output, adds);
        else SetNarrow(left, right, output, adds);
    }

    private static void SetWide(StridedMatrix left, StridedMatrix right, StridedMatrix output, bool adds)
    {
        var column = 0;
        for (; column + TileColumns <= output.Columns; column += TileColumns)
        {
            var row = 0;
            for (; row + TileRows <= left.Rows; row += TileRows) WideTile.Set(left, right, output, row, column, adds);
            for (; row + 2 <= left.Rows; row += 2) WideTile.SetPair(left, right, output, row, column, adds);
            if (row < left.Rows) WideTile.SetRow(left, right, output, row, column, adds);
        }

        for (; column < output.Columns; column += Width)
        {
            // The last vector begins earlier; what was done before is left alone.
            var start = Math.Min(column, output.Columns - Width);
            var row = 0;
            for (; row + TileRows <= left.Rows; row += TileRows) WideStrip.Set(left, right, output, row, start, column - start, adds);
            for (; row < left.Rows; row++) WideStrip.SetRow(left, right, output, row, start, column - start, adds);
        }
    }

    // By way of a result of one vector's width.
    private static void SetNarrow(StridedMatrix left, StridedMatrix right, StridedMatrix output, bool adds)
    {
        var wide = new StridedMatrix((_narrow ??= new()).Take(left.Rows * Width), left.Rows, Width, Width, 1);
        SetWide(left, new StridedMatrix(right.Start, right.Rows, Width, right.RowStride, 1), wide, adds: false);
        for (var row = 0; row < output.Rows; row++)
        {
            var from = wide.Start + (row * Width);
            var to = output.Start + ((long)row * output.RowStride);
            for (var column = 0; column < output.Columns; column++) to[column] = adds ? to[column] + from[column] : from[column];
        }
    }

    // A copy whose rows lie one after the other, filled up with zeros to whole vectors.
    private static StridedMatrix Pack(StridedMatrix right)
    {
        var stride = (right.Columns + Width - 1) / Width * Width;
        var packed = new StridedMatrix((_packed ??= new()).Take(right.Rows * stride), right.Rows, right.Columns, stride, 1);
        if (stride > right.Columns) new Span<float>(packed.Start, right.Rows * stride).Clear();
        if (right.ColumnStride == 1)
            for (var row = 0; row < right.Rows; row++)
                new Span<float>(right.Start + ((long)row * right.RowStride), right.Columns).CopyTo(new(packed.Start + ((long)row * stride), right.Columns));
        else Transposition.Copy(right.Transposed, packed);
        return packed;
    }

    // Memory outside of the collector's reach, which grows as needed.
    private sealed class Scratch
    {
        private const nuint Alignment = 64;
        private float* _memory;
        private int _length;

        ~Scratch() => NativeMemory.AlignedFree(_memory);

        public float* Take(int length)
        {
            if (length <= _length) return _memory;
            _memory = (float*)NativeMemory.AlignedRealloc(_memory, (nuint)length * sizeof(float), Alignment);
            _length = length;
            return _memory;
        }
    }
}
