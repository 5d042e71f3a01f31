using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MbpoML.Datasets.Arrays;

/// <summary>The head of a .npy file (NEP 1): type, order and shape of its array.</summary>
/// <param name="Kind">f, i, u or b.</param>
/// <param name="ItemSize">The bytes of a number.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
/// <param name="IsColumnMajor">Whether the first index runs fastest.</param>
/// <param name="Shape">The dimensions.</param>
/// <param name="Length">The bytes of the head.</param>
internal sealed partial record NpyHeader(char Kind, int ItemSize, bool IsBigEndian, bool IsColumnMajor, IReadOnlyList<long> Shape, int Length)
{
    // A head of numbers has some 120 bytes.
    private const int MostBytes = 1 << 16;

    /// <summary>Reads a head.</summary>
    /// <exception cref="InvalidDataException">It is none, or the array holds something else than numbers.</exception>
    public static NpyHeader Read(Stream stream)
    {
        var start = new byte[12];
        stream.ReadExactly(start, 0, 8);
        if (!IsMagic(start)) throw new InvalidDataException("it does not begin as an .npy file.");
        var sizeBytes = start[6] == 1 ? 2 : start[6] is 2 or 3 ? 4 : throw new InvalidDataException(Invariant($"its version {start[6]} is unknown."));
        stream.ReadExactly(start, 8, sizeBytes);
        var length = sizeBytes == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8));
        if (length > MostBytes) throw new InvalidDataException(Invariant($"its head claims {length} bytes, but one of numbers has at most {MostBytes}."));
        var text = new byte[length];
        stream.ReadExactly(text);
        return Parse(Encoding.UTF8.GetString(text), 8 + sizeBytes + (int)length);
    }

    private static bool IsMagic(byte[] start) => start[0] == 0x93 && start.AsSpan(1, 5).SequenceEqual("NUMPY"u8);

    private static NpyHeader Parse(string text, int length)
    {
        if (Description().Match(text) is not { Success: true } type)
            throw new InvalidDataException("its type is not that of one number; arrays of records are not read.");
        if (Order().Match(text) is not { Success: true } order || ShapeText().Match(text) is not { Success: true } shape)
            throw new InvalidDataException("its head does not say shape and order.");
        var (kind, size) = (type.Groups["kind"].Value[0], type.Groups["size"].Value);
        if (kind == 'O') throw new InvalidDataException("it holds Python objects (a pickle), which can run code and are never read.");
        var itemSize = (kind, size) switch
        {
            ('b', "1") or ('i' or 'u', "1") => 1,
            ('f' or 'i' or 'u', "2") => 2,
            ('f' or 'i' or 'u', "4") => 4,
            ('f' or 'i' or 'u', "8") => 8,
            _ => throw new InvalidDataException($"its type '{kind}{size}' is none of numbers: f2, f4, f8, i1 to i8, u1 to u8 and b1 are."),
        };
        var dimensions = shape.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(one => long.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
                : throw new InvalidDataException($"its shape has the size '{one}'."));
        return new NpyHeader(kind, itemSize, type.Groups["order"].Value == ">", order.Groups["order"].Value == "True", [.. dimensions], length);
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"](?<order>[<>|=]?)(?<kind>[A-Za-z])(?<size>\d*)['"]""")]
    private static partial Regex Description();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(?<order>True|False)""")]
    private static partial Regex Order();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\((?<shape>[0-9,\s]*)\)""")]
    private static partial Regex ShapeText();
}
