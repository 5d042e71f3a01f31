using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Data.Views;

/// <summary>One column of a <see cref="DenseDataView"/>: its place in the schema and a way to read a cursor's current row.</summary>
internal abstract class DenseColumn(string name, DataViewType type, DataViewSchema.Annotations? annotations)
{
    public string Name { get; } = name;

    public DataViewType Type { get; } = type;

    public DataViewSchema.Annotations? Annotations { get; } = annotations;

    /// <summary>The number of whole rows that the values hold.</summary>
    public abstract int Capacity { get; }

    /// <summary>A getter bound to the cursor: a ValueGetter of the column's raw type.</summary>
    public abstract Delegate CreateGetter(DenseCursor cursor);
}

/// <summary>A column over an array of the caller's, row-major, shared and not copied.</summary>
/// <param name="name">The column's name.</param>
/// <param name="type">A vector of <paramref name="width"/> items, or a scalar, whose width is 1.</param>
/// <param name="width">The items a row.</param>
/// <param name="values">The items; the rows in use may be fewer than it holds.</param>
/// <param name="annotations">Slot names, or null.</param>
internal sealed class DenseColumn<T>(string name, DataViewType type, int width, T[] values, DataViewSchema.Annotations? annotations = null)
    : DenseColumn(name, type, annotations)
    where T : struct
{
    public override int Capacity => values.Length / width;

    public ReadOnlyMemory<T> Values(int rowCount) => values.AsMemory(0, rowCount * width);

    public override Delegate CreateGetter(DenseCursor cursor) =>
        Type is VectorDataViewType ? (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => ReadVector(cursor.Row, ref value))
            : (ValueGetter<T>)((ref T value) => value = values[cursor.Row]);

    private void ReadVector(int row, ref VBuffer<T> value)
    {
        var editor = VBufferEditor.Create(ref value, width);
        values.AsSpan(row * width, width).CopyTo(editor.Values);
        value = editor.Commit();
    }
}
