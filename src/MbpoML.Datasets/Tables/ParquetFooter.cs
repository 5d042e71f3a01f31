using System.Buffers.Binary;

namespace MbpoML.Datasets.Tables;

/// <summary>Walks through the description at the end of a Parquet file, in Thrift's compact protocol, before a reader believes it.</summary>
/// <remarks>A reader that follows a damaged one may go on for ever: a list may claim two billion items that are not there.</remarks>
internal ref struct ParquetFooter
{
    // Schemas nest a few times.
    private const int MostDepth = 64;

    private ReadOnlySpan<byte> _rest;

    private ParquetFooter(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>Checks a file, and goes back to its start.</summary>
    /// <exception cref="InvalidDataException">It does not end as a Parquet file, or what it says goes beyond its bytes.</exception>
    public static void Check(Stream file)
    {
        var tail = new byte[8];
        if (file.Length < tail.Length + 4) throw new InvalidDataException("it is too short.");
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8) || length > file.Length - tail.Length)
            throw new InvalidDataException("it does not end as a Parquet file does.");
        var bytes = new byte[length];
        file.Seek(-tail.Length - length, SeekOrigin.End);
        file.ReadExactly(bytes);
        new ParquetFooter(bytes).Struct(0);
        file.Seek(0, SeekOrigin.Begin);
    }

    private void Struct(int depth)
    {
        if (depth > MostDepth) throw Damaged();
        for (var head = Byte(); (head & 0x0F) != 0; head = Byte())
        {
            // A field's number is a step from the one before, or follows.
            if (head >> 4 == 0) Number();
            Value(head & 0x0F, isItem: false, depth);
        }
    }

    private void Value(int type, bool isItem, int depth)
    {
        switch (type)
        {
            // A flag's value is its type; in a list it is a byte.
            case 1 or 2:
                if (isItem) Byte();
                break;
            case 3:
                Byte();
                break;
            case 4 or 5 or 6:
                Number();
                break;
            case 7:
                Skip(sizeof(double));
                break;
            case 8:
                Skip(Number());
                break;
            case 9 or 10:
                Items(depth);
                break;
            case 12:
                Struct(depth + 1);
                break;
            default:
                throw Damaged();
        }
    }

    private void Items(int depth)
    {
        if (depth > MostDepth) throw Damaged();
        var head = Byte();
        var count = head >> 4 == 15 ? Number() : (ulong)(head >> 4);
        // Each takes a byte at least.
        if (count > (ulong)_rest.Length) throw Damaged();
        for (ulong item = 0; item < count; item++) Value(head & 0x0F, isItem: true, depth + 1);
    }

    private ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw Damaged();
    }

    private int Byte()
    {
        if (_rest.Length == 0) throw Damaged();
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    private void Skip(ulong count)
    {
        if (count > (ulong)_rest.Length) throw Damaged();
        _rest = _rest[(int)count..];
    }

    private static InvalidDataException Damaged() => new("its description is damaged.");
}
