using System.Buffers.Binary;

namespace MbpoML.Policies.Files;

/// <summary>
/// Walks the fields of one protobuf message in place. Nothing is copied, and nested messages are bytes until somebody walks them, so no file makes it recurse.
/// </summary>
/// <remarks>Wire format: protobuf.dev, "Encoding". Groups, which ONNX does not use, are refused.</remarks>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message)
{
    private const int LongestVarint = 10;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field that <see cref="Next"/> moved to.</summary>
    public int Number { get; private set; }

    /// <summary>Its value, where it is a number.</summary>
    public ulong Value { get; private set; }

    /// <summary>Its content, where it is text, bytes or a message; else empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Moves to the next field.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidDataException">The message is cut off or is none.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        var tag = Varint();
        if (tag >> 3 is 0 or > 536_870_911) throw new InvalidDataException("its model has a field without a valid number");
        (Number, Value) = ((int)(tag >> 3), 0);
        Bytes = [];
        switch (tag & 7)
        {
            case 0:
                Value = Varint();
                break;
            case 1:
                Value = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
                break;
            case 2:
                Bytes = Take(Varint());
                break;
            case 5:
                Value = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
                break;
            default:
                throw new InvalidDataException("its model has a field of an unknown kind");
        }

        return true;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var index = 0; index < LongestVarint && index < _rest.Length; index++)
        {
            value |= (ulong)(_rest[index] & 0x7F) << (7 * index);
            if (_rest[index] >= 0x80) continue;
            _rest = _rest[(index + 1)..];
            return value;
        }

        throw new InvalidDataException("its model is cut off");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length) throw new InvalidDataException("its model is cut off");
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
