using System.Buffers.Binary;
using System.IO.Compression;

namespace MbpoML.Datasets.Arrays;

/// <summary>The arrays of an .npz file: a zip of .npy files.</summary>
/// <param name="path">The file.</param>
/// <param name="zip">The same, opened.</param>
internal sealed class NpzArrays(string path, ZipArchive zip) : IArrays
{
    private const string Ending = ".npy";
    private const int ChunkSize = 1 << 16;

    public string Path { get; } = path;

    public IReadOnlyList<string> Names { get; } =
        [.. zip.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(Ending, StringComparison.Ordinal)).Select(name => name[..^Ending.Length])];

    public ArrayInfo Describe(string name)
    {
        var header = HeaderOf(name);
        return new ArrayInfo(name, header.Shape, header.Kind is 'i' or 'u');
    }

    public float[] Read(ArrayInfo array)
    {
        var entry = Entry(array.Name);
        var header = HeaderOf(array.Name);
        var bytes = array.Count * (uint)header.ItemSize;
        Untrusted.RequireSize(Path, $"dataset '{array.Name}'", bytes, entry.CompressedLength, Untrusted.MostDeflated);
        if (bytes != (UInt128)Math.Max(0, entry.Length - header.Length))
            throw new DatasetException(
                Invariant($"{Path}: dataset '{array.Name}' has the shape {array.Told}, which takes {bytes} bytes, but holds {entry.Length - header.Length}."));
        using var stream = entry.Open();
        SkipHeader(stream, header.Length);
        var values = new float[(int)array.Count];
        Fill(stream, header, values, array.Name);
        return header.IsColumnMajor && array.Shape.Count == 2 ? Transposed(values, (int)array.Shape[0], (int)array.Shape[1]) : values;
    }

    private ZipArchiveEntry Entry(string name) => zip.GetEntry(name + Ending)!;

    private NpyHeader HeaderOf(string name)
    {
        try
        {
            using var stream = Entry(name).Open();
            return NpyHeader.Read(stream);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new DatasetException($"{Path}: dataset '{name}' cannot be read: {exception.Message}", exception);
        }
    }

    private static void SkipHeader(Stream stream, int length)
    {
        var head = new byte[length];
        stream.ReadExactly(head);
    }

    private void Fill(Stream stream, NpyHeader header, float[] values, string name)
    {
        var chunk = new byte[ChunkSize];
        try
        {
            for (var start = 0; start < values.Length;)
            {
                var count = Math.Min(ChunkSize / header.ItemSize, values.Length - start);
                stream.ReadExactly(chunk, 0, count * header.ItemSize);
                for (var index = 0; index < count; index++) values[start + index] = Number(chunk.AsSpan(index * header.ItemSize, header.ItemSize), header);
                start += count;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new DatasetException($"{Path}: dataset '{name}' is damaged or cut off: {exception.Message}", exception);
        }
    }

    private static float Number(Span<byte> bytes, NpyHeader header)
    {
        if (header.IsBigEndian) bytes.Reverse();
        return (header.Kind, header.ItemSize) switch
        {
            ('f', 4) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ('f', 8) => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            ('f', _) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            ('i', 1) => (sbyte)bytes[0],
            ('i', 2) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            ('i', 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ('i', _) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            ('u', 2) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            ('u', 4) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            ('u', 8) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            _ => bytes[0],
        };
    }

    private static float[] Transposed(float[] values, int rows, int columns)
    {
        var turned = new float[values.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++) turned[(row * columns) + column] = values[(column * rows) + row];
        return turned;
    }
}
