namespace MbpoML.Mujoco.Tests;

/// <summary>A drawn picture.</summary>
internal sealed record Picture(byte[] Rgb)
{
    public const int Width = 160, Height = 120;

    /// <summary>Pixels that are orange or blue, which only the body is: sky and floor are grey.</summary>
    public int ColoredPixels => Enumerable.Range(0, Width * Height).Count(pixel => Math.Abs(Rgb[3 * pixel] - Rgb[(3 * pixel) + 2]) > 70);

    public static Picture Of(MujocoRenderer renderer)
    {
        var rgb = new byte[3 * Width * Height];
        renderer.Render(rgb);
        return new Picture(rgb);
    }

    public int PixelsOtherThan(Picture other) =>
        Enumerable.Range(0, Width * Height).Count(pixel => !Rgb.AsSpan(3 * pixel, 3).SequenceEqual(other.Rgb.AsSpan(3 * pixel, 3)));
}
