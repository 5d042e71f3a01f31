using ImageMagick;

namespace MbpoML.Tool.Video;

/// <summary>Writes pictures as an animation or as numbered files.</summary>
internal static class PictureFile
{
    /// <summary>Endings of the names that can be written; .png means a file for each picture.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".gif", ".webp", ".png"];

    // The unit of an animation's delays, and the least that viewers keep to.
    private const int TicksPerSecond = 100;
    private const int ShortestDelay = 2;

    /// <summary>Writes the pictures; makes the folder where it is missing.</summary>
    /// <param name="path">Ends as one of <see cref="Endings"/>.</param>
    /// <param name="frames">Red, green and blue of each pixel, [height, width, 3] each.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="framesPerSecond">The speed of an animation.</param>
    /// <returns>The names of the files written.</returns>
    public static IReadOnlyList<string> Write(string path, IReadOnlyList<byte[]> frames, int width, int height, double framesPerSecond)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var images = new MagickImageCollection();
        foreach (var frame in frames)
        {
            images.Add(new MagickImage(frame, new PixelReadSettings((uint)width, (uint)height, StorageType.Char, PixelMapping.RGB))
            {
                AnimationDelay = (uint)Math.Max(ShortestDelay, Math.Round(TicksPerSecond / framesPerSecond)),
            });
        }

        if (Path.GetExtension(path) == ".png") return WriteEach(path, images);
        if (Path.GetExtension(path) == ".gif")
        {
            images.Quantize(new QuantizeSettings { Colors = 256, DitherMethod = DitherMethod.No });
            images.Optimize();
        }

        images.Write(path);
        return [path];
    }

    private static List<string> WriteEach(string path, MagickImageCollection images)
    {
        var names = new List<string>();
        foreach (var image in images)
        {
            names.Add(Invariant($"{Path.ChangeExtension(path, null)}-{names.Count:D4}.png"));
            image.Write(names[^1]);
        }

        return names;
    }
}
