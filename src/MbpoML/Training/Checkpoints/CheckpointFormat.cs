using System.Text;

namespace MbpoML.Training.Checkpoints;

/// <summary>
/// What a checkpoint file looks like: a header, named entries one after the other, an end mark, and the SHA-256 of all before it. Numbers are little-endian.
/// </summary>
/// <remarks>
/// Header: the eight bytes of <see cref="Magic"/> and the version (uint32). Entry: type (a byte, never 0), length of the name (uint16), name (UTF-8), number of
/// dimensions (a byte), dimensions (int64 each), values. End mark: a byte 0. Nothing in a file is ever executed, and no entry names a path.
/// </remarks>
internal static class CheckpointFormat
{
    /// <summary>2: each part of a run keeps its values under its own name. 1 had no parts.</summary>
    public const uint Version = 2;
    public const int ChecksumSize = 32;
    public const int MaxNameLength = 256;
    public const int MaxDimensions = 8;
    public const int MaxEntries = 4096;
    public const byte End = 0;

    /// <summary>
    /// The most values that the dimensions of an entry may make, those of size 0 not counted: more would overflow in libtorch even where there is no value.
    /// </summary>
    public const long MaxExtent = 1L << 40;

    public static ReadOnlySpan<byte> Magic => "MbpoML\r\n"u8;

    public static int HeaderSize => Magic.Length + sizeof(uint);

    /// <summary>Whether a name can be an entry's: not empty, not too long, and nothing in it that breaks a line of a log.</summary>
    public static bool IsName(string name) => Encoding.UTF8.GetByteCount(name) is > 0 and <= MaxNameLength && !name.Any(char.IsControl);

    /// <summary>Bytes of one value.</summary>
    public static int SizeOf(EntryType type) => type switch
    {
        EntryType.Float32 => sizeof(float),
        EntryType.Float64 or EntryType.Int64 => sizeof(double),
        EntryType.Byte => sizeof(byte),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such type of entry."),
    };
}
