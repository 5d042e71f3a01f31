using System.Buffers.Binary;
using System.IO.Compression;

namespace MbpoML.Mujoco.Checks;

/// <summary>How large a PNG file is once it is unpacked, which a few bytes can make anything.</summary>
internal static class PngFile
{
    // Signature, length and type of the first chunk; then width and height.
    private const int WidthAt = 16, HeightAt = 20, FirstChunkAt = 8, ChunkFrame = 12;
    private const int MaxBytesPerPixel = 8;

    /// <summary>The pixels, 0 where MuJoCo will refuse the file, or null where it does not call itself PNG.</summary>
    /// <exception cref="MujocoException">More is packed into it than its pixels.</exception>
    public static double? Pixels(string file, MjcfElement element, string where)
    {
        if (!file.EndsWith(".png", StringComparison.OrdinalIgnoreCase) && element["content_type"] is not "image/png") return null;
        var bytes = File.ReadAllBytes(file);
        if (bytes.Length < HeightAt + sizeof(int)) return 0;
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(WidthAt)), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(HeightAt)));
        // A row has one byte more; those of interlaced images, seven times a part of it.
        var allowed = (((double)width * MaxBytesPerPixel) + 1) * height * 2;
        if (IsLarger(bytes, allowed)) throw element.Wrong($"has {where}, into which more is packed than its {width} by {height} pixels. The file is damaged.");
        return (double)width * height;
    }

    private static bool IsLarger(byte[] png, double allowed)
    {
        using var packed = new MemoryStream();
        for (var at = (long)FirstChunkAt; at + ChunkFrame <= png.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan((int)at));
            if (at + ChunkFrame + length > png.Length) break;
            if (png.AsSpan((int)at + 4, 4).SequenceEqual("IDAT"u8)) packed.Write(png, (int)at + 8, (int)length);
            at += ChunkFrame + length;
        }

        packed.Position = 0;
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        var chunk = new byte[64 * 1024];
        try
        {
            for (var total = 0.0; unpacked.Read(chunk) is > 0 and var read;)
                if ((total += read) > allowed) return true;
        }
        catch (InvalidDataException)
        {
            // MuJoCo refuses it at the same place.
        }

        return false;
    }
}
