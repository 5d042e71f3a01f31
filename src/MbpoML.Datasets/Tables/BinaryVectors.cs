using System.IO.Compression;
using MbpoML.Datasets.Arrays;

namespace MbpoML.Datasets.Tables;

/// <summary>Checks what a block of vectors in a binary data view says of itself, before ML.NET takes memory for it.</summary>
/// <remarks>
/// A block begins with the number of its vectors and their length, which is 0 where they differ. Then the lengths follow, if they differ, and how many values
/// of each vector are stored: -1 for all of them. After these stand the number of indices, the indices and the values.
/// </remarks>
internal static class BinaryVectors
{
    /// <summary>What the file calls the codec of vectors.</summary>
    public const string Codec = "VBuffer";

    // The smallest value takes a bit.
    private const int ValuesAByte = 8;

    /// <summary>Reads the head of a block.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">The block, as in "a block of column 'x'".</param>
    /// <param name="block">The bytes of the block in the file.</param>
    /// <param name="isPacked">Whether the block is packed by deflate.</param>
    /// <param name="size">The bytes that the block has when it is unpacked.</param>
    /// <exception cref="DatasetException">It claims more vectors, indices or values than it can hold.</exception>
    public static void Check(string path, string what, byte[] block, bool isPacked, int size)
    {
        using var reader = new BinaryReader(isPacked ? Unpack(block) : new MemoryStream(block));
        var (vectors, length) = (reader.ReadInt32(), reader.ReadInt32());
        Require("vectors", (ulong)(uint)vectors * sizeof(int));
        var lengths = length == 0 ? Numbers(reader, vectors) : [.. Enumerable.Repeat(length, vectors)];
        var counts = Numbers(reader, vectors);
        Require("indices", (ulong)(uint)reader.ReadInt32() * sizeof(int));
        Require("values", counts.Zip(lengths).Aggregate(0UL, (sum, vector) => sum + (uint)(vector.First < 0 ? vector.Second : vector.First)) / ValuesAByte);

        void Require(string of, ulong bytes) => Untrusted.RequireSize(path, $"{what} with its {of}", bytes, size, expansion: 1);
    }

    // ML.NET packs without the head of zlib. A file with one is read, too: no block without it begins with such two bytes.
    private static Stream Unpack(byte[] block) =>
        block.Length > 1 && (block[0] & 0xF) == 8 && ((block[0] << 8) + block[1]) % 31 == 0
            ? new ZLibStream(new MemoryStream(block), CompressionMode.Decompress)
            : new DeflateStream(new MemoryStream(block), CompressionMode.Decompress);

    private static int[] Numbers(BinaryReader reader, int count)
    {
        var numbers = new int[count];
        for (var index = 0; index < count; index++) numbers[index] = reader.ReadInt32();
        return numbers;
    }
}
