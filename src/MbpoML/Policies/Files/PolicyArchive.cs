using System.Buffers.Binary;
using System.IO.Compression;
using MbpoML.Numerics;

namespace MbpoML.Policies.Files;

/// <summary>
/// The zip that ML.NET saves a policy in, read in memory: nothing is unpacked to disk, and no name in it is used as a path or as the name of a type.
/// </summary>
internal static class PolicyArchive
{
    private const string Model = "TransformerChain/OnnxModel";
    private const int EndRecordSize = 22;
    private const uint EndRecordSignature = 0x06054b50;
    private const int MaxDirectorySize = 64 * 1024;

    // All that is in the zip of a policy saved by itself; a policy behind other transforms has more.
    private static readonly string[] Entries = [Model, "TransformerChain/Model.key", "TrainingInfo/Version.txt", "Schema"];

    /// <summary>Whether the bytes begin as a zip does.</summary>
    public static bool IsZip(ReadOnlySpan<byte> file) => file.StartsWith("PK"u8);

    /// <summary>The bytes of the policy's graph.</summary>
    /// <exception cref="InvalidDataException">The zip is damaged, or is not a saved policy's.</exception>
    public static ReadOnlyMemory<byte> ReadModel(ReadOnlyMemory<byte> file, int maxBytes)
    {
        CheckEnd(file.Span);
        using var archive = new ZipArchive(new MemoryStream(file.ToArray(), writable: false), ZipArchiveMode.Read);
        ZipArchiveEntry? model = null;
        var names = new HashSet<string>();
        foreach (var entry in archive.Entries)
        {
            // On Windows ML.NET writes backslashes.
            var name = entry.FullName.Replace('\\', '/');
            if (!Entries.Contains(name) || !names.Add(name))
                throw new InvalidDataException(
                    "it holds more than a policy; a policy saved together with other transforms is loaded by Model.Load, if its origin is trusted");
            if (name == Model) model = entry;
        }

        var bytes = Unpack(model ?? throw new InvalidDataException("it is a zip without a policy"), maxBytes);
        if (bytes.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(bytes.Span) != bytes.Length - sizeof(int))
            throw new InvalidDataException("its model has another length than it says");
        return bytes[sizeof(int)..];
    }

    private static ReadOnlyMemory<byte> Unpack(ZipArchiveEntry entry, int maxBytes)
    {
        if (entry.Length > maxBytes) throw ForeignFile.TooLarge(maxBytes);
        using var unpacked = entry.Open();
        var bytes = ForeignFile.ToEnd(unpacked, maxBytes);
        // What is unpacked is not compared with its checksum by ZipArchive.
        return bytes.Length == entry.Length && Crc32.Of(bytes.Span) == entry.Crc32
            ? bytes : throw new InvalidDataException("its checksum is wrong: it is damaged");
    }

    // ZipArchive takes entries until their list ends, whatever their number; so the list must be short, and end where the zip's last record begins.
    private static void CheckEnd(ReadOnlySpan<byte> file)
    {
        if (file.Length < EndRecordSize || BinaryPrimitives.ReadUInt32LittleEndian(file[^EndRecordSize..]) != EndRecordSignature)
            throw new InvalidDataException("it is cut off or no zip");
        var end = file[^EndRecordSize..];
        long size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (size > MaxDirectorySize || offset + size != file.Length - EndRecordSize)
            throw new InvalidDataException("its list of entries is damaged or too long");
    }
}
