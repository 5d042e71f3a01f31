using System.IO.Compression;
using System.Text;
using MbpoML.Data.Views;
using MbpoML.Datasets.Arrays;
using MbpoML.Datasets.Tables;
using nietras.SeparatedValues;

namespace MbpoML.Datasets;

/// <summary>Reads tables of text: CSV, TSV, and the same packed with gzip.</summary>
/// <remarks>
/// The first line names the columns. Comma, semicolon, tab or bar separates them, whichever the first line has most. A column is of numbers (with a point, or
/// with a comma where another letter separates columns), of flags (true and false, read as 1 and 0), of dates, or else of text. An empty cell, NaN, NA, N/A,
/// null, none and ? are missing numbers.
/// </remarks>
public static class CsvFile
{
    // The most that is unpacked of a packed file.
    private const long MostUnpacked = 1L << 33;

    /// <summary>Reads the columns of a CSV file.</summary>
    /// <param name="path">The file; one that ends in .gz is unpacked on the way.</param>
    /// <returns>A column of doubles, dates or texts for each of the file.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DatasetException">It is no such file; the message names the line.</exception>
    public static DenseDataView Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Untrusted.Read(path, "a table of text", () =>
        {
            var (columns, rows) = Survey(path);
            if (rows == 0) throw new DatasetException($"{path} has no rows below its first line.");
            Fill(path, columns, rows);
            var view = new DenseDataView.Builder();
            foreach (var column in columns) column.AddTo(view);
            return view.Build();
        });
    }

    private static (CsvColumn[] Columns, int Rows) Survey(string path)
    {
        using var reader = Open(path);
        var names = reader.Header.ColNames;
        RequireHeader(path, names);
        var hasCommas = reader.Spec.Sep.Separator != ',';
        CsvColumn[] columns = [.. names.Select(name => new CsvColumn(name.Trim(), hasCommas))];
        var rows = 0;
        foreach (var row in reader)
        {
            if (IsBlank(row, columns.Length)) continue;
            RequireCells(path, row.ColCount, columns.Length, row.LineNumberFrom);
            for (var column = 0; column < columns.Length; column++) columns[column].Look(row[column].Span);
            rows = checked(rows + 1);
        }

        return (columns, rows);
    }

    private static void Fill(string path, CsvColumn[] columns, int rows)
    {
        foreach (var column in columns) column.Begin(rows);
        using var reader = Open(path);
        foreach (var row in reader)
        {
            if (IsBlank(row, columns.Length)) continue;
            for (var column = 0; column < columns.Length; column++) columns[column].Add(row[column].Span);
        }
    }

    private static SepReader Open(string path)
    {
        Stream stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            stream = new BoundedStream(
                new GZipStream(stream, CompressionMode.Decompress), Math.Min(MostUnpacked, (stream.Length + 1) * Untrusted.MostDeflated));
        // Rows are counted here, with words of our own.
        return Sep.Reader(options => options with { Unescape = true, DisableColCountCheck = true }).From(new StreamReader(stream, Encoding.UTF8));
    }

    private static bool IsBlank(SepReader.Row row, int columns) => row.ColCount == 1 && columns > 1 && row[0].Span.IsWhiteSpace();

    private static void RequireCells(string path, int cells, int columns, int line)
    {
        if (cells != columns)
            throw new DatasetException(Invariant($"{path}: line {line} has {cells} cells, but the first line names {columns} columns."));
    }

    private static void RequireHeader(string path, IReadOnlyList<string> names)
    {
        if (names.Count == 0 || names.Any(name => name.Contains('\0', StringComparison.Ordinal))) throw new DatasetException($"{path} is no table of text.");
        if (names.Any(string.IsNullOrWhiteSpace))
            throw new DatasetException(Invariant($"{path}: column {names.ToList().FindIndex(string.IsNullOrWhiteSpace) + 1} has no name in the first line."));
        if (names.All(name => Cell.TryNumber(name, CellKinds.Number, out _)))
            throw new DatasetException($"{path}: the first line holds numbers ({string.Join(", ", names.Take(3))} ...), but must name the columns.");
    }
}
