using System.Runtime.CompilerServices;
using MbpoML.Numerics;

namespace MbpoML.Environments.Drawing;

/// <summary>A picture to draw on, in units of the task: lines, discs, boxes and grounds, with smooth edges. Drawing allocates nothing.</summary>
/// <remarks>
/// A pixel takes as much of the color as the shape covers of it, about: clamp(1/2 - distance of its centre from the edge in pixels, 0, 1). The distance is
/// negative inside. So a shape that moves by a tenth of a pixel changes the picture. Later shapes cover earlier ones. x grows to the right, y upwards; what
/// lies outside the view is cut off. Colors are added up in single precision and rounded at the end.
/// </remarks>
public sealed class Canvas
{
    // Whatever lies further away than this many pixels lies there: squares of it stay finite.
    private const double Farthest = 1e9;

    private readonly float[] _values;
    private readonly int _plane;
    private double _centerX, _centerY;

    /// <summary>A white canvas, whose view is the square from -1 to 1.</summary>
    /// <param name="height">Rows of pixels, at least 1.</param>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="gray">Whether it has one value a pixel, the brightness, instead of red, green and blue.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the picture has more than <see cref="FrameShape.MostValues"/> values.</exception>
    public Canvas(int height, int width, bool gray = true)
    {
        Shape = new FrameShape(gray ? 1 : 3, height, width);
        (_values, _plane) = (new float[Shape.Size], height * width);
        Clear();
    }

    /// <summary>Channels (1 or 3), rows and columns.</summary>
    public FrameShape Shape { get; }

    /// <summary>Pixels a unit of the task.</summary>
    public double Scale { get; private set; }

    /// <summary>Makes all of it white and the view the square from -1 to 1.</summary>
    public void Clear()
    {
        Array.Fill(_values, byte.MaxValue);
        SetView(0, 0, 2, 2);
    }

    /// <summary>Fills all of it with one color.</summary>
    /// <param name="ink">The color of every pixel.</param>
    public void Fill(Ink ink)
    {
        for (var channel = 0; channel < Shape.Channels; channel++) _values.AsSpan(channel * _plane, _plane).Fill(Value(ink, channel));
    }

    /// <summary>Chooses what is seen: a rectangle of the task's plane, all of which is in the picture. A unit is as long to the right as upwards.</summary>
    /// <param name="centerX">The x of the middle of the picture, in the task's units.</param>
    /// <param name="centerY">The y of the middle of the picture, in the task's units.</param>
    /// <param name="width">The width of the rectangle in the task's units, above 0.</param>
    /// <param name="height">The height of the rectangle in the task's units, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or a length not above 0.</exception>
    public void SetView(double centerX, double centerY, double width, double height)
    {
        (_centerX, _centerY) = (Check.Finite(centerX), Check.Finite(centerY));
        Scale = Math.Min(Shape.Width / Check.Positive(width), Shape.Height / Check.Positive(height));
    }

    /// <summary>Draws a line with round ends.</summary>
    /// <param name="x1">The x of one end, in the task's units.</param>
    /// <param name="y1">The y of one end, in the task's units.</param>
    /// <param name="x2">The x of the other end.</param>
    /// <param name="y2">The y of the other end.</param>
    /// <param name="width">The thickness in the task's units, at least 0; below one pixel it looks one pixel thick.</param>
    /// <param name="ink">The color of the line.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or the width negative.</exception>
    public void DrawSegment(double x1, double y1, double x2, double y2, double width, Ink ink)
    {
        var (ax, ay, bx, by) = (Column(x1), Row(y1), Column(x2), Row(y2));
        var radius = Radius(width);
        var (dx, dy) = (bx - ax, by - ay);
        var squared = (dx * dx) + (dy * dy);
        var inverse = squared > 0 ? 1 / squared : 0;
        var (left, right) = Covered(Math.Min(ax, bx) - radius, Math.Max(ax, bx) + radius, Shape.Width);
        var (top, bottom) = Covered(Math.Min(ay, by) - radius, Math.Max(ay, by) + radius, Shape.Height);
        for (var row = top; row < bottom; row++)
        {
            var y = row + 0.5 - ay;
            for (var column = left; column < right; column++)
            {
                var x = column + 0.5 - ax;
                var along = Math.Clamp(((x * dx) + (y * dy)) * inverse, 0, 1);
                var (offX, offY) = (x - (along * dx), y - (along * dy));
                Blend(row, column, 0.5 + radius - Math.Sqrt((offX * offX) + (offY * offY)), ink);
            }
        }
    }

    /// <summary>Draws a filled circle.</summary>
    /// <param name="x">The x of the middle, in the task's units.</param>
    /// <param name="y">The y of the middle, in the task's units.</param>
    /// <param name="diameter">The diameter in the task's units, at least 0; below one pixel it looks one pixel large.</param>
    /// <param name="ink">The color of the circle.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or the diameter negative.</exception>
    public void DrawDisc(double x, double y, double diameter, Ink ink) =>
        DrawSegment(Check.Finite(x), Check.Finite(y), x, y, Check.NotNegative(diameter), ink);

    /// <summary>Draws a filled box whose sides are level and upright.</summary>
    /// <param name="centerX">The x of the middle, in the task's units.</param>
    /// <param name="centerY">The y of the middle, in the task's units.</param>
    /// <param name="width">The width in the task's units, at least 0.</param>
    /// <param name="height">The height in the task's units, at least 0.</param>
    /// <param name="ink">The color of the box.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or a length negative.</exception>
    public void DrawBox(double centerX, double centerY, double width, double height, Ink ink)
    {
        var (x, y) = (Column(centerX), Row(centerY));
        var (halfWidth, halfHeight) = (Radius(width), Radius(height));
        var (left, right) = Covered(x - halfWidth, x + halfWidth, Shape.Width);
        var (top, bottom) = Covered(y - halfHeight, y + halfHeight, Shape.Height);
        for (var row = top; row < bottom; row++)
        {
            var offY = Math.Abs(row + 0.5 - y) - halfHeight;
            for (var column = left; column < right; column++)
            {
                var offX = Math.Abs(column + 0.5 - x) - halfWidth;
                var (outX, outY) = (Math.Max(offX, 0), Math.Max(offY, 0));
                var distance = Math.Sqrt((outX * outX) + (outY * outY)) + Math.Min(Math.Max(offX, offY), 0);
                Blend(row, column, 0.5 - distance, ink);
            }
        }
    }

    /// <summary>Fills everything below a curve, such as the ground under a car.</summary>
    /// <param name="height">The y of the curve at an x; a static function, so that nothing is allocated.</param>
    /// <param name="ink">The color below the curve.</param>
    /// <exception cref="ArgumentOutOfRangeException">The curve has a value that is not finite.</exception>
    public void FillBelow(Func<double, double> height, Ink ink)
    {
        ArgumentNullException.ThrowIfNull(height);
        for (var column = 0; column < Shape.Width; column++)
        {
            var (edge, before, after) = (Level(height, column + 0.5), Level(height, column), Level(height, column + 1));
            // From upright to square to the curve.
            var tilt = 1 / Math.Sqrt(1 + ((after - before) * (after - before)));
            for (var row = 0; row < Shape.Height; row++) Blend(row, column, 0.5 + ((row + 0.5 - edge) * tilt), ink);
        }
    }

    /// <summary>Takes a picture that was made elsewhere, by a renderer or a camera.</summary>
    /// <param name="rgb">Red, green and blue of each pixel, [height, width, 3], the top row first.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void DrawPicture(ReadOnlySpan<byte> rgb)
    {
        Check.Length(3 * _plane, rgb.Length, nameof(rgb));
        for (var pixel = 0; pixel < _plane; pixel++)
        {
            var color = rgb.Slice(3 * pixel, 3);
            if (Shape.Channels == 1) _values[pixel] = Ink.Brightness(color[0], color[1], color[2]);
            else (_values[pixel], _values[_plane + pixel], _values[(2 * _plane) + pixel]) = (color[0], color[1], color[2]);
        }
    }

    /// <summary>Copies the picture into a frame.</summary>
    /// <param name="frame">Receives whole numbers from 0 to 255, [channel, row, column], the top row first.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void CopyTo(Span<byte> frame)
    {
        Check.Length(_values.Length, frame.Length, nameof(frame));
        for (var index = 0; index < _values.Length; index++) frame[index] = (byte)(_values[index] + 0.5f);
    }

    /// <summary>Copies the picture into an observation.</summary>
    /// <param name="observation">Receives whole numbers from 0 to 255, [channel, row, column], the top row first.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void CopyTo(Span<double> observation)
    {
        Check.Length(_values.Length, observation.Length, nameof(observation));
        for (var index = 0; index < _values.Length; index++) observation[index] = (byte)(_values[index] + 0.5f);
    }

    // The rows or columns whose centres are within half a pixel of a shape.
    private static (int First, int End) Covered(double low, double high, int count) =>
        ((int)Math.Clamp(Math.Floor(low - 0.5), 0, count), (int)Math.Clamp(Math.Ceiling(high + 0.5), 0, count));

    private static double Pixels(double value) => Math.Clamp(value, -Farthest, Farthest);

    private double Column(double x, [CallerArgumentExpression(nameof(x))] string? name = null) =>
        Pixels(((Check.Finite(x, name) - _centerX) * Scale) + (0.5 * Shape.Width));

    private double Row(double y, [CallerArgumentExpression(nameof(y))] string? name = null) =>
        Pixels(((_centerY - Check.Finite(y, name)) * Scale) + (0.5 * Shape.Height));

    private double Radius(double width, [CallerArgumentExpression(nameof(width))] string? name = null) =>
        Pixels(0.5 * Check.NotNegative(width, name) * Scale);

    private double Level(Func<double, double> height, double column) => Row(height(_centerX + ((column - (0.5 * Shape.Width)) / Scale)), nameof(height));

    private float Value(Ink ink, int channel) => Shape.Channels == 1 ? ink.Luma : channel switch
    {
        0 => ink.Red,
        1 => ink.Green,
        _ => ink.Blue,
    };

    private void Blend(int row, int column, double coverage, Ink ink)
    {
        if (!(coverage > 0)) return;
        var share = (float)Math.Min(coverage, 1);
        var pixel = (row * Shape.Width) + column;
        for (var channel = 0; channel < Shape.Channels; channel++)
        {
            ref var value = ref _values[(channel * _plane) + pixel];
            value += share * (Value(ink, channel) - value);
        }
    }
}
