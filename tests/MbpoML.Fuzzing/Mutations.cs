using System.Buffers.Binary;
using CsCheck;

namespace MbpoML.Fuzzing;

/// <summary>Generators of damaged copies of good files.</summary>
public static class Mutations
{
    // What stands in length fields of files that were made to break a reader.
    private static readonly Gen<long> Edges = Gen.OneOf<long>(
        0L, 1, -1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 40, long.MaxValue, long.MinValue, long.MaxValue / 8);

    private static readonly Gen<double> Place = Gen.Double.Unit;

    private static readonly Gen<Func<byte[], byte[]>> Any = Gen.OneOf<Func<byte[], byte[]>>(
        Gen.Select(Place, Gen.Int[0, 7], (place, bit) => InPlace(bytes => bytes[At(bytes, place)] ^= (byte)(1 << bit))),
        Gen.Select(Place, Gen.Byte, (place, value) => InPlace(bytes => bytes[At(bytes, place)] = value)),
        Gen.Select(Place, Edges, Gen.OneOf<int>(1, 2, 4, 8), (place, value, size) => InPlace(bytes => Overwrite(bytes, place, value, size))),
        Place.Select(place => Changed(bytes => bytes[..At(bytes, place)])),
        Gen.Select(Place, Gen.Byte.Array[1, 64], (place, added) => Changed(bytes => [.. bytes[..At(bytes, place)], .. added, .. bytes[At(bytes, place)..]])),
        Gen.Select(Place, Place, (start, end) => Changed(bytes => Without(bytes, At(bytes, start), At(bytes, end)))),
        Gen.Select(Place, Place, Place, (start, end, place) => Changed(bytes => Repeated(bytes, At(bytes, start), At(bytes, end), At(bytes, place)))));

    /// <summary>
    /// Good files with one to four changes: bits, bytes, length fields, ends cut off, pieces put in, taken out or repeated; now and then mere noise or a good
    /// file.
    /// </summary>
    public static Gen<byte[]> Of(params byte[][] good) => Gen.Frequency<byte[]>(
        (94, Gen.Select(Gen.OneOf<byte[]>(good), Any.Array[1, 4], (bytes, changes) => changes.Aggregate(bytes, (changed, change) => change(changed)))),
        (3, Gen.Byte.Array[0, 2000]),
        (3, Gen.OneOf<byte[]>(good)));

    private static int At(byte[] bytes, double place) => Math.Min((int)(place * bytes.Length), bytes.Length - 1);

    private static Func<byte[], byte[]> InPlace(Action<byte[]> change) => Changed(bytes =>
    {
        var copy = (byte[])bytes.Clone();
        change(copy);
        return copy;
    });

    private static Func<byte[], byte[]> Changed(Func<byte[], byte[]> change) => bytes => bytes.Length == 0 ? bytes : change(bytes);

    private static void Overwrite(byte[] bytes, double place, long value, int size)
    {
        var field = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(field, value);
        var target = bytes.AsSpan(At(bytes, place));
        field.AsSpan(0, Math.Min(size, target.Length)).CopyTo(target);
    }

    private static byte[] Without(byte[] bytes, int one, int other) => [.. bytes[..Math.Min(one, other)], .. bytes[Math.Max(one, other)..]];

    private static byte[] Repeated(byte[] bytes, int one, int other, int place) =>
        [.. bytes[..place], .. bytes[Math.Min(one, other)..Math.Max(one, other)], .. bytes[place..]];
}
