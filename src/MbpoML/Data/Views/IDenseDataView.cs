using Microsoft.ML;

namespace MbpoML.Data.Views;

/// <summary>A data view that can hand out whole columns as contiguous memory, so that a stage need not read it row by row.</summary>
public interface IDenseDataView : IDataView
{
    /// <summary>The number of rows.</summary>
    int RowCount { get; }

    /// <summary>The values of a column, row-major: <see cref="RowCount"/> times the column's width of them, shared, not copied.</summary>
    /// <typeparam name="T">The item type: float, bool or int.</typeparam>
    /// <param name="columnName">The name of the column.</param>
    /// <param name="values">The values, or nothing when the result is false.</param>
    /// <returns>False when there is no such column, or its items are of another type.</returns>
    bool TryGetColumn<T>(string columnName, out ReadOnlyMemory<T> values)
        where T : unmanaged;
}
