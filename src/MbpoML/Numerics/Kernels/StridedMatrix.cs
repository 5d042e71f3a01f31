namespace MbpoML.Numerics.Kernels;

/// <summary>
/// A matrix where it lies in memory: its number (i, j) lies <paramref name="rowStride"/> · i + <paramref name="columnStride"/> · j floats behind the first.
/// </summary>
internal readonly unsafe struct StridedMatrix(float* start, int rows, int columns, int rowStride, int columnStride)
{
    public float* Start { get; } = start;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public int RowStride { get; } = rowStride;

    public int ColumnStride { get; } = columnStride;

    /// <summary>The same memory, read the other way.</summary>
    public StridedMatrix Transposed => new(Start, Columns, Rows, ColumnStride, RowStride);

    /// <summary>Some rows of it.</summary>
    public StridedMatrix Block(int row, int rows) => new(Start + ((long)row * RowStride), rows, Columns, RowStride, ColumnStride);
}
