using System.Xml.Linq;
using MbpoML.Tests;
using SkiaSharp;

namespace MbpoML.Plotting.Tests;

/// <summary>What tests look for in pictures.</summary>
internal static class Picture
{
    public static SKBitmap Of(Action<string> savePng)
    {
        using var folder = new TemporaryFolder();
        savePng(folder["picture.png"]);
        return SKBitmap.Decode(folder["picture.png"]);
    }

    public static int Count(SKBitmap picture, SKColor color) => picture.Pixels.Count(pixel => pixel == color);

    /// <summary>The topmost and the lowest row, between two columns, with a pixel of a colour.</summary>
    public static (int Top, int Bottom) RowsOf(SKBitmap picture, SKColor color, int left, int right)
    {
        int[] rows = [.. Enumerable.Range(0, picture.Height)
            .Where(row => Enumerable.Range(left, right - left).Any(column => picture.GetPixel(column, row) == color))];
        return (rows.Min(), rows.Max());
    }

    public static int Dark(SKBitmap picture, int rows) => picture.Pixels.Take(rows * picture.Width).Count(pixel => pixel.Red < 80);

    /// <summary>The texts of an SVG file, one a line.</summary>
    public static string TextOf(string svg) =>
        string.Join('\n', XDocument.Load(svg).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim()));

    public static string[] TextsOf(Action<string> saveSvg)
    {
        using var folder = new TemporaryFolder();
        saveSvg(folder["picture.svg"]);
        return TextOf(folder["picture.svg"]).Split('\n');
    }
}
