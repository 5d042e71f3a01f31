using System.Buffers.Binary;

namespace MbpoML.Mujoco.Checks;

/// <summary>Files of textures and height fields: PNG, or MuJoCo's own formats, which are two sizes and the data.</summary>
internal static class RasterFile
{
    private const int HeaderSize = 8;

    /// <summary>How many pixels a texture has.</summary>
    /// <exception cref="MujocoException">The file does not have the size that it says.</exception>
    public static double Texture(string file, MjcfElement element, string where) =>
        PngFile.Pixels(file, element, where) ?? Custom(file, element, where, bytesPerValue: 3);

    /// <summary>How many points a height field has.</summary>
    /// <exception cref="MujocoException">The file does not have the size that it says.</exception>
    public static double HeightField(string file, MjcfElement element, string where) =>
        PngFile.Pixels(file, element, where) ?? Custom(file, element, where, bytesPerValue: sizeof(float));

    private static double Custom(string file, MjcfElement element, string where, int bytesPerValue)
    {
        // Newer releases read other kinds of images too, and look at them themselves.
        if (element["content_type"] is not null || file.EndsWith(".ktx", StringComparison.OrdinalIgnoreCase)) return 0;
        Span<byte> header = stackalloc byte[HeaderSize];
        using var stream = File.OpenRead(file);
        var read = stream.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false);
        var (first, second) = (BinaryPrimitives.ReadInt32LittleEndian(header), BinaryPrimitives.ReadInt32LittleEndian(header[sizeof(int)..]));
        // In floating point, while MuJoCo's own check overflows.
        var values = (double)first * second;
        if (read < HeaderSize || first < 1 || second < 1 || values * bytesPerValue + HeaderSize != stream.Length)
            throw element.Wrong(
                Invariant($"has {where}, which is no PNG, and as MuJoCo's own format would be {first} by {second} in {stream.Length} bytes, which cannot ") +
                    "be. The file is damaged, or of a kind that MuJoCo does not read.");
        return values;
    }
}
