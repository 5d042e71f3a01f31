using MbpoML.Environments;
using MbpoML.Evaluation.Diagnostics;

namespace MbpoML.Tool.Video;

/// <summary>Draws what happened, left, and what was imagined, right, in the same pictures. While the model still sees, a green bar stands below.</summary>
internal static class SideBySide
{
    // Small frames are drawn larger, so that each side has about so many pixels.
    private const int Side = 160;
    private const int Gap = 6, Bar = 6;

    /// <summary>The pictures.</summary>
    /// <returns>Red, green and blue of each pixel, [height, width, 3] each, and their sizes.</returns>
    public static (IReadOnlyList<byte[]> Frames, int Width, int Height) Of(OpenLoopPrediction prediction)
    {
        var shape = prediction.Frames;
        var scale = Math.Max(1, Side / Math.Max(shape.Height, shape.Width));
        var (width, height) = ((2 * shape.Width * scale) + Gap, (shape.Height * scale) + Gap + Bar);
        var frames = new List<byte[]>();
        for (var step = 0; step < prediction.Actual.Count; step++)
        {
            var picture = new byte[3 * width * height];
            Array.Fill(picture, byte.MaxValue);
            Draw(prediction.Actual[step], shape, scale, picture, width, 0);
            Draw(prediction.Imagined[step], shape, scale, picture, width, (shape.Width * scale) + Gap);
            if (step < prediction.Seen) Underline(picture, width, height);
            frames.Add(picture);
        }

        return (frames, width, height);
    }

    private static void Draw(byte[] frame, FrameShape shape, int scale, byte[] picture, int width, int left)
    {
        for (var row = 0; row < shape.Height * scale; row++)
        {
            for (var column = 0; column < shape.Width * scale; column++)
            {
                for (var color = 0; color < 3; color++)
                {
                    // Gray has one channel; of more than three the first ones are shown.
                    var channel = shape.Channels < 3 ? 0 : color;
                    picture[(3 * ((row * width) + left + column)) + color] =
                        frame[(((channel * shape.Height) + (row / scale)) * shape.Width) + (column / scale)];
                }
            }
        }
    }

    private static void Underline(byte[] picture, int width, int height)
    {
        for (var row = height - Bar; row < height; row++)
        {
            for (var column = 0; column < width; column++)
                (picture[3 * ((row * width) + column)], picture[(3 * ((row * width) + column)) + 2]) = (0, 0);
        }
    }
}
