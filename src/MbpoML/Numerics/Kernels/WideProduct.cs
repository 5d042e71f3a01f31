using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MbpoML.Numerics.Kernels;

/// <summary>
/// Matrix products of a few hundred rows on processors with vectors of 16 numbers. Torch's own library takes half of their width on some of them, and
/// copies the weights at each call.
/// </summary>
/// <remarks>
/// Each number of the result is the sum over the columns of the left matrix in their order, with one rounding a term. So a row's result depends on neither the
/// other rows nor on where anything lies: however rows are cut into blocks, the bits are the same.
/// </remarks>
internal static class WideProduct
{
    /// <summary>Rows that are computed together.</summary>
    public const int TileRows = 4;

    private static readonly int Width = Vector512<float>.Count;

    /// <summary>Whether this processor has the vectors, and so many columns fill one.</summary>
    /// <param name="columns">Of the right matrix.</param>
    public static bool Takes(int columns) => Vector512.IsHardwareAccelerated && columns >= Width;

    /// <summary>output = left · right. All are row-major without gaps.</summary>
    /// <param name="left">[rows or more, inner]; a last incomplete tile reads on.</param>
    /// <param name="right">[inner, columns], columns as <see cref="Takes"/> demands.</param>
    /// <param name="output">[rows or more, columns]; a last incomplete tile writes on.</param>
    /// <param name="rows">The rows that count; there must be memory for whole tiles of <see cref="TileRows"/>.</param>
    /// <param name="columns">Of the right matrix.</param>
    public static void Set(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> output, int rows, int columns)
    {
        var inner = right.Length / columns;
        var whole = (rows + TileRows - 1) / TileRows * TileRows;
        // The tiles have no checks of their own.
        ref var from = ref MemoryMarshal.GetReference(left[..(whole * inner)]);
        ref var with = ref MemoryMarshal.GetReference(right[..(inner * columns)]);
        ref var to = ref MemoryMarshal.GetReference(output[..(whole * columns)]);
        var column = 0;
        for (; column + (4 * Width) <= columns; column += 4 * Width)
            for (var row = 0; row < whole; row += TileRows)
                Tile.Set(
                    ref Unsafe.Add(ref from, row * inner), ref Unsafe.Add(ref with, column), ref Unsafe.Add(ref to, (row * columns) + column), inner, columns);
        for (; column < columns; column += Width)
        {
            // The last vector begins earlier, and gives some numbers again.
            var start = Math.Min(column, columns - Width);
            for (var row = 0; row < whole; row += TileRows)
                Strip.Set(
                    ref Unsafe.Add(ref from, row * inner), ref Unsafe.Add(ref with, start), ref Unsafe.Add(ref to, (row * columns) + start), inner, columns);
        }
    }

    // Four rows by four vectors, all in registers.
    private readonly struct Tile(Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth)
    {
        private readonly Vector512<float> _first = first, _second = second, _third = third, _fourth = fourth;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Set(ref float left, ref float right, ref float output, int inner, int columns)
        {
            Tile first = default, second = default, third = default, fourth = default;
            for (var index = 0; index < inner; index++)
            {
                var weights = Load(ref right);
                first = first.Plus(left, weights);
                second = second.Plus(Unsafe.Add(ref left, inner), weights);
                third = third.Plus(Unsafe.Add(ref left, 2 * inner), weights);
                fourth = fourth.Plus(Unsafe.Add(ref left, 3 * inner), weights);
                left = ref Unsafe.Add(ref left, 1);
                right = ref Unsafe.Add(ref right, columns);
            }

            first.Store(ref output);
            second.Store(ref Unsafe.Add(ref output, columns));
            third.Store(ref Unsafe.Add(ref output, 2 * columns));
            fourth.Store(ref Unsafe.Add(ref output, 3 * columns));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Tile Load(ref float from) => new(
            Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref from, 16), Vector512.LoadUnsafe(ref from, 32), Vector512.LoadUnsafe(ref from, 48));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Tile Plus(float factor, Tile weights)
        {
            var factors = Vector512.Create(factor);
            return new(
                Vector512.FusedMultiplyAdd(factors, weights._first, _first), Vector512.FusedMultiplyAdd(factors, weights._second, _second),
                Vector512.FusedMultiplyAdd(factors, weights._third, _third), Vector512.FusedMultiplyAdd(factors, weights._fourth, _fourth));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Store(ref float to)
        {
            _first.StoreUnsafe(ref to);
            _second.StoreUnsafe(ref to, 16);
            _third.StoreUnsafe(ref to, 32);
            _fourth.StoreUnsafe(ref to, 48);
        }
    }

    // Four rows by one vector.
    private static class Strip
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Set(ref float left, ref float right, ref float output, int inner, int columns)
        {
            Vector512<float> first = default, second = default, third = default, fourth = default;
            for (var index = 0; index < inner; index++)
            {
                var weights = Vector512.LoadUnsafe(ref right);
                first = Vector512.FusedMultiplyAdd(Vector512.Create(left), weights, first);
                second = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, inner)), weights, second);
                third = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 2 * inner)), weights, third);
                fourth = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 3 * inner)), weights, fourth);
                left = ref Unsafe.Add(ref left, 1);
                right = ref Unsafe.Add(ref right, columns);
            }

            first.StoreUnsafe(ref output);
            second.StoreUnsafe(ref Unsafe.Add(ref output, columns));
            third.StoreUnsafe(ref Unsafe.Add(ref output, 2 * columns));
            fourth.StoreUnsafe(ref Unsafe.Add(ref output, 3 * columns));
        }
    }
}
