using MbpoML.Numerics;
using Microsoft.ML;

namespace MbpoML.Data.Views;

/// <summary>A data view over arrays that are already in memory: one contiguous, row-major array a column.</summary>
/// <remarks>
/// Any ML.NET component can read it through cursors; MbpoML's stages take whole columns (<see cref="TryGetColumn{T}"/>). Make one with <see cref="Builder"/>.
/// Reading from several threads at once is safe.
/// </remarks>
public sealed partial class DenseDataView : IDenseDataView
{
    private readonly DenseColumn[] _columns;

    private DenseDataView(DenseColumn[] columns, int rowCount)
    {
        _columns = columns;
        RowCount = rowCount;
        var schema = new DataViewSchema.Builder();
        foreach (var column in columns) schema.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = schema.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <summary>True: a cursor opened with a random stream visits the rows in a random order, each once.</summary>
    public bool CanShuffle => true;

    /// <inheritdoc/>
    public int RowCount { get; private set; }

    /// <inheritdoc/>
    public long? GetRowCount() => RowCount;

    /// <summary>Declares how many rows of the arrays count from now on, after their owner has written new contents into them.</summary>
    /// <remarks>
    /// So a pipeline is bound to the view once (<c>Transform</c>) and read again after each refill by opening a cursor, without building a new pipeline.
    /// Cursors opened before the refill must not be used after it.
    /// </remarks>
    /// <param name="rowCount">At most what the shortest array holds.</param>
    internal void Refill(int rowCount) =>
        RowCount = (int)Check.Within(0, _columns.Min(column => column.Capacity), rowCount);

    /// <inheritdoc/>
    public bool TryGetColumn<T>(string columnName, out ReadOnlyMemory<T> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(columnName);
        var column = Array.Find(_columns, column => column.Name == columnName) as DenseColumn<T>;
        values = column is null ? default : column.Values(RowCount);
        return column is not null;
    }

    /// <summary>Opens a cursor on the first row.</summary>
    /// <param name="columnsNeeded">The columns that may be read.</param>
    /// <param name="rand">Where given, the rows come in a random order drawn from it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is of another view.</exception>
    /// <exception cref="ArgumentException">From the cursor: a column that was not asked for, or a getter of another type.</exception>
    /// <exception cref="InvalidOperationException">From a getter: there is no row, before MoveNext or after its end.</exception>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        return new DenseCursor(Schema, _columns, Own(columnsNeeded), RowCount, rand is null ? null : Permutation(RowCount, rand));
    }

    /// <summary>One cursor: reading memory is so cheap that splitting it among threads gains nothing.</summary>
    /// <param name="columnsNeeded">The columns that may be read.</param>
    /// <param name="n">A wish, which may be ignored.</param>
    /// <param name="rand">Where given, the rows come in a random order drawn from it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is of another view.</exception>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private IEnumerable<DataViewSchema.Column> Own(IEnumerable<DataViewSchema.Column> columns) => columns.Select(column =>
        column.Index < _columns.Length && _columns[column.Index].Name == column.Name
            ? column
            : throw new ArgumentOutOfRangeException(nameof(columns), column.Name, $"Column '{column.Name}' is not a column of this view."));

    private static int[] Permutation(int count, Random random)
    {
        var order = new int[count];
        for (var index = 0; index < count; index++) order[index] = index;
        random.Shuffle(order);
        return order;
    }
}
