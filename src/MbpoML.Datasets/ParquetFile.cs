using System.Numerics;
using MbpoML.Data.Views;
using MbpoML.Datasets.Arrays;
using MbpoML.Datasets.Tables;
using Parquet;
using Parquet.Schema;

namespace MbpoML.Datasets;

/// <summary>Reads Parquet files of flat columns.</summary>
/// <remarks>Numbers become doubles and flags 1 and 0, a missing value is NaN. Columns of lists, maps, structures and bytes are left out.</remarks>
public static class ParquetFile
{
    private static readonly Dictionary<Type, Func<ParquetReader, DataField, string, Action<DenseDataView.Builder>>> Readers = new()
    {
        [typeof(double)] = Numbers<double>,
        [typeof(float)] = Numbers<float>,
        [typeof(decimal)] = Numbers<decimal>,
        [typeof(long)] = Numbers<long>,
        [typeof(ulong)] = Numbers<ulong>,
        [typeof(int)] = Numbers<int>,
        [typeof(uint)] = Numbers<uint>,
        [typeof(short)] = Numbers<short>,
        [typeof(ushort)] = Numbers<ushort>,
        [typeof(byte)] = Numbers<byte>,
        [typeof(sbyte)] = Numbers<sbyte>,
        [typeof(bool)] = Flags,
        [typeof(DateTime)] = Times,
        [typeof(string)] = Texts,
        [typeof(ReadOnlyMemory<char>)] = Texts,
    };

    /// <summary>Reads the flat columns of a Parquet file.</summary>
    /// <param name="path">The path of a Parquet file.</param>
    /// <returns>A column of doubles, dates or texts for each flat one of the file.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DatasetException">It is no such file, or damaged.</exception>
    public static DenseDataView Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Untrusted.Read(path, "a Parquet file", () =>
        {
            using var stream = BoundedStream.Open(path);
            ParquetFooter.Check(stream);
            var reader = ParquetReader.CreateAsync(stream).GetAwaiter().GetResult();
            try
            {
                return Read(path, reader, stream.Length);
            }
            finally
            {
                reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        });
    }

    private static DenseDataView Read(string path, ParquetReader reader, long length)
    {
        DataField[] fields = [.. reader.Schema.Fields.OfType<DataField>().Where(field => !field.IsArray && Readers.ContainsKey(field.ClrType))];
        if (fields.Length == 0) throw new DatasetException($"{path} has no flat column of numbers, dates or texts.");
        UInt128 rows = 0;
        foreach (var group in reader.RowGroups) rows += (UInt128)checked((ulong)group.RowCount);
        if (rows == 0) throw new DatasetException($"{path} has no rows.");
        // Equal values are packed about as well as by deflate.
        Untrusted.RequireSize(path, "each column", rows * sizeof(float), length, Untrusted.MostDeflated * sizeof(double));
        var view = new DenseDataView.Builder();
        foreach (var field in fields) Readers[field.ClrType](reader, field, path)(view);
        return view.Build();
    }

    private static Action<DenseDataView.Builder> Numbers<T>(ParquetReader reader, DataField field, string path)
        where T : unmanaged, INumberBase<T>
    {
        var values = Column<T>(reader, field, value => value is { } number ? double.CreateChecked(number) : double.NaN);
        return view => view.AddDouble(field.Name, values);
    }

    private static Action<DenseDataView.Builder> Flags(ParquetReader reader, DataField field, string path)
    {
        var values = Column<bool>(reader, field, value => value is { } flag ? flag ? 1 : 0 : double.NaN);
        return view => view.AddDouble(field.Name, values);
    }

    private static Action<DenseDataView.Builder> Times(ParquetReader reader, DataField field, string path)
    {
        DateTime[] values = [.. Groups<DateTime>(reader, field).SelectMany(group => group).Select(value => value ?? default)];
        return view => view.AddDateTime(field.Name, values);
    }

    private static Action<DenseDataView.Builder> Texts(ParquetReader reader, DataField field, string path)
    {
        var values = new List<ReadOnlyMemory<char>>();
        for (var index = 0; index < reader.RowGroupCount; index++)
        {
            using var group = reader.OpenRowGroupReader(index);
            var texts = new string?[checked((int)group.RowCount)];
            group.ReadAsync(field, texts.AsMemory()).AsTask().GetAwaiter().GetResult();
            values.AddRange(texts.Select(text => (text ?? "").AsMemory()));
        }

        return view => view.AddText(field.Name, [.. values]);
    }

    private static double[] Column<T>(ParquetReader reader, DataField field, Func<T?, double> convert)
        where T : unmanaged => [.. Groups<T>(reader, field).SelectMany(group => group).Select(convert)];

    private static IEnumerable<T?[]> Groups<T>(ParquetReader reader, DataField field)
        where T : unmanaged
    {
        for (var index = 0; index < reader.RowGroupCount; index++)
        {
            using var group = reader.OpenRowGroupReader(index);
            var values = new T?[checked((int)group.RowCount)];
            group.ReadAsync<T>(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
            yield return values;
        }
    }
}
