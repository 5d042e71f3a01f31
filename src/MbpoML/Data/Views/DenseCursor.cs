using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Data.Views;

/// <summary>Walks over the rows of a <see cref="DenseDataView"/>; all its state is its own, so several threads may each have one.</summary>
/// <param name="schema">The view's schema.</param>
/// <param name="columns">The view's columns, by index.</param>
/// <param name="needed">The columns that may be read.</param>
/// <param name="rowCount">The number of rows when the cursor was opened.</param>
/// <param name="order">The rows in the order to visit, or null for the order in which they stand.</param>
internal sealed class DenseCursor(
    DataViewSchema schema, IReadOnlyList<DenseColumn> columns, IEnumerable<DataViewSchema.Column> needed, int rowCount, int[]? order) : DataViewRowCursor
{
    private readonly HashSet<int> _active = [.. needed.Select(column => column.Index)];
    private long _position = -1;
    private int _row = -1;

    public override DataViewSchema Schema => schema;

    public override long Position => _position;

    public override long Batch => 0;

    /// <summary>The row that stands at the current position.</summary>
    /// <exception cref="InvalidOperationException">The cursor stands before the first or after the last row.</exception>
    public int Row => _row >= 0
        ? _row : throw new InvalidOperationException("The cursor stands on no row: call MoveNext, and read values only while it returns true.");

    public override bool MoveNext()
    {
        _position = _position + 1 < rowCount ? _position + 1 : -1;
        if (_position < 0)
        {
            // A cursor that has reached the end stays there.
            (_row, rowCount) = (-1, 0);
            return false;
        }
        _row = order is null ? (int)_position : order[_position];
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentException($"Column '{column.Name}' was not asked for when the cursor was opened; pass it to GetRowCursor.", nameof(column));
        return columns[column.Index].CreateGetter(this) as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Column '{column.Name}' holds {columns[column.Index].Type}, which cannot be read as {typeof(TValue)}; ask for {column.Type.RawType}.");
    }

    /// <summary>Row numbers as identities: a shuffled cursor gives each row the same one as an unshuffled cursor.</summary>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Row, 0);
}
