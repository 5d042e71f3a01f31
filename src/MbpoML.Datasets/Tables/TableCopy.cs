using MbpoML.Data.TimeSeries;
using MbpoML.Data.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Datasets.Tables;

/// <summary>Copies views into memory, where their errors are seen at once.</summary>
internal static class TableCopy
{
    /// <summary>All columns of numbers, flags, dates and texts, and vectors of numbers; others are left out.</summary>
    public static DenseDataView Of(IDataView view) => Build(view, null, []);

    /// <summary>The same view with other numbers in one column.</summary>
    public static DenseDataView With(DenseDataView view, string column, float[] values) => Build(view, column, values);

    private static DenseDataView Build(IDataView view, string? replaced, float[] values)
    {
        var builder = new DenseDataView.Builder();
        foreach (var column in view.Schema.Where(column => !column.IsHidden))
        {
            if (column.Name == replaced) builder.AddScalar(column.Name, values);
            else Add(builder, view, column);
        }

        return builder.Build();
    }

    private static void Add(DenseDataView.Builder builder, IDataView view, DataViewSchema.Column column)
    {
        var sample = new SampleColumn(column);
        var type = column.Type.RawType;
        if (sample.Width > 0 && column.Type is VectorDataViewType)
            builder.AddVector(column.Name, sample.Width, [.. Numbers(view, sample).Select(value => (float)value)],
                column.HasSlotNames() ? sample.Names : null);
        else if (type == typeof(float)) builder.AddScalar(column.Name, [.. view.GetColumn<float>(column)]);
        else if (type == typeof(bool)) builder.AddBoolean(column.Name, [.. view.GetColumn<bool>(column)]);
        else if (type == typeof(int)) builder.AddInt32(column.Name, [.. view.GetColumn<int>(column)]);
        else if (sample.IsText) builder.AddText(column.Name, [.. view.GetColumn<ReadOnlyMemory<char>>(column).Select(text => text.ToString().AsMemory())]);
        else if (column.Type is DateTimeDataViewType) builder.AddDateTime(column.Name, [.. view.GetColumn<DateTime>(column)]);
        else if (sample.Width == 1) builder.AddDouble(column.Name, [.. Numbers(view, sample)]);
    }

    private static IEnumerable<double> Numbers(IDataView view, SampleColumn column)
    {
        using var cursor = view.GetRowCursor([column.Column]);
        var read = column.Numbers(cursor);
        var cell = new double[column.Width];
        while (cursor.MoveNext())
        {
            read(cell);
            foreach (var value in cell) yield return value;
        }
    }
}
