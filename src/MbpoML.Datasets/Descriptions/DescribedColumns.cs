using MbpoML.Data.TimeSeries;
using Microsoft.ML;

namespace MbpoML.Datasets.Descriptions;

/// <summary>All columns of a log that can be described; vectors by their numbers.</summary>
/// <param name="all">The columns, in the log's order.</param>
internal sealed class DescribedColumns(IReadOnlyList<DescribedColumn> all)
{
    public IReadOnlyList<DescribedColumn> All => all;

    public int Rows => all[0].Rows;

    public DescribedColumn this[string name] => Find(name)!;

    public DescribedColumn? Find(string name) => all.FirstOrDefault(column => column.Name == name);

    /// <exception cref="ArgumentException">There is no column or no row.</exception>
    public static DescribedColumns Read(IDataView view)
    {
        DescribedColumn[] columns = [.. view.Schema.Where(column => !column.IsHidden).SelectMany(column => Read(view, new SampleColumn(column)))];
        return columns.Length > 0 && columns[0].Rows > 0 ? new DescribedColumns(columns)
            : throw new ArgumentException("The log has no rows, or no column of numbers, dates or texts.", nameof(view));
    }

    private static IEnumerable<DescribedColumn> Read(IDataView view, SampleColumn column)
    {
        if (column.Width > 0) return Numbers(view, column);
        if (column.IsTime) return [new DescribedColumn(column.Name, ColumnKind.Time, [.. Cells(view, column, cursor => column.Times(cursor))], [])];
        if (!column.IsText) return [];
        return [new DescribedColumn(column.Name, ColumnKind.Text, [], [.. Cells(view, column, cursor => column.Labels(cursor)).Cast<string>()])];
    }

    private static IEnumerable<DescribedColumn> Numbers(IDataView view, SampleColumn column)
    {
        List<double>[] values = [.. Enumerable.Range(0, column.Width).Select(_ => new List<double>())];
        using var cursor = view.GetRowCursor([column.Column]);
        var (read, cell) = (column.Numbers(cursor), new double[column.Width]);
        while (cursor.MoveNext())
        {
            read(cell);
            for (var slot = 0; slot < cell.Length; slot++) values[slot].Add(cell[slot]);
        }

        return column.Names.Select((name, slot) => new DescribedColumn(Qualified(column, name, slot), ColumnKind.Number, values[slot], []));
    }

    // "NextObservation[2]" of a vector whose slots are not named by it, so that no two columns share a name.
    private static string Qualified(SampleColumn column, string name, int slot) =>
        column.Width == 1 && name == column.Name ? name
            : Invariant($"{column.Name}[{slot}]") + (name.StartsWith(column.Name, StringComparison.Ordinal) ? "" : $" {name}");

    private static IEnumerable<T> Cells<T>(IDataView view, SampleColumn column, Func<DataViewRowCursor, Func<T>> bind)
    {
        using var cursor = view.GetRowCursor([column.Column]);
        var read = bind(cursor);
        while (cursor.MoveNext()) yield return read();
    }
}
