using System.Text;
using MbpoML.Data.TimeSeries;
using MbpoML.Data.Views;
using MbpoML.Datasets.Arrays;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Datasets.Tables;

/// <summary>Reads binary data views of ML.NET (.idv), after a walk through what the file says of its own sizes.</summary>
/// <remarks>ML.NET takes the memory that a block claims to need before it reads the block, and so does a copy for the rows that the head claims.</remarks>
internal static class BinaryFile
{
    private const int HeadSize = 256, SizesOffset = 24, BlockEntrySize = 16, Uncompressed = 0;

    /// <summary>Reads all columns that a table can have.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DatasetException">It is no such file, or damaged.</exception>
    public static DenseDataView Read(string path) => Untrusted.Read(path, "a binary data view of ML.NET", () =>
    {
        using var stream = BoundedStream.Open(path);
        var rows = Check(path, stream);
        stream.Seek(0, SeekOrigin.Begin);
        var view = new MLContext().Data.LoadFromBinary(new OneStream(stream));
        foreach (var column in view.Schema)
            RequireRows(path, $"column '{column.Name}'", (UInt128)(ulong)rows * (uint)Math.Max(1, new SampleColumn(column).Width), stream.Length);
        return TableCopy.Of(view);
    });

    // Equal values are packed about as well as by deflate.
    private static void RequireRows(string path, string what, UInt128 values, long length) =>
        Untrusted.RequireSize(path, what, values * sizeof(float), length, Untrusted.MostDeflated * sizeof(double));

    // docs/code/IdvFileFormat.md of ML.NET has the layout.
    private static long Check(string path, Stream file)
    {
        if (file.Length < HeadSize) throw new InvalidDataException("it is too short.");
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        file.Seek(SizesOffset, SeekOrigin.Begin);
        var (contents, _, rows, columns) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt32());
        if (rows < 0 || columns < 0) throw new InvalidDataException("its head is damaged.");
        RequireRows(path, "each column", (ulong)rows, file.Length);
        file.Seek(contents, SeekOrigin.Begin);
        for (var column = 0; column < columns; column++) CheckColumn(path, reader, rows);
        return rows;
    }

    private static void CheckColumn(string path, BinaryReader reader, long rows)
    {
        var (name, file) = (reader.ReadString(), reader.BaseStream);
        var codec = reader.ReadString();
        // Its parameters.
        file.Seek(reader.Read7BitEncodedInt(), SeekOrigin.Current);
        var isPacked = reader.ReadByte() != Uncompressed;
        var (rowsPerBlock, lookup, _) = (reader.Read7BitEncodedInt(), reader.ReadInt64(), reader.ReadInt64());
        var next = file.Position;
        var blocks = rows == 0 ? 0 : rowsPerBlock > 0 ? ((rows - 1) / rowsPerBlock) + 1 : throw new InvalidDataException("its blocks have no rows.");
        if (blocks > file.Length / BlockEntrySize) throw new InvalidDataException($"the blocks of column '{name}' are not in the file.");
        for (long block = 0; block < blocks; block++)
        {
            file.Seek(lookup + (block * BlockEntrySize), SeekOrigin.Begin);
            var (offset, stored, claimed) = (reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32());
            if (offset < 0 || stored < 0 || claimed < 0 || offset > file.Length - stored)
                throw new InvalidDataException($"a block of column '{name}' is not in the file.");
            var what = $"a block of column '{name}'";
            Untrusted.RequireSize(path, what, (uint)claimed, stored, isPacked ? Untrusted.MostDeflated : 1);
            if (codec != BinaryVectors.Codec) continue;
            file.Seek(offset, SeekOrigin.Begin);
            BinaryVectors.Check(path, what, reader.ReadBytes(stored), isPacked, claimed);
        }

        file.Seek(next, SeekOrigin.Begin);
    }

    private sealed class OneStream(Stream stream) : IMultiStreamSource
    {
        public int Count => 1;

        public string? GetPathOrNull(int index) => null;

        public Stream Open(int index) => stream;

        public TextReader OpenTextReader(int index) => throw new NotSupportedException("It is no text.");
    }
}
