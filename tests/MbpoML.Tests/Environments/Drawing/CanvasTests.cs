using MbpoML.Environments.Drawing;

namespace MbpoML.Tests.Environments.Drawing;

/// <summary>Shapes cover as much as they are large, wherever they are, and edges are smooth.</summary>
public class CanvasTests
{
    private const int Size = 32;

    // In pixels: the view is 32 units wide.
    private static Canvas Pixels(int height = Size, bool gray = true)
    {
        var canvas = new Canvas(height, Size, gray);
        canvas.SetView(Size / 2.0, height / 2.0, Size, height);
        return canvas;
    }

    // How much ink of black there is, in pixels, and where its middle is, in the units of the view above.
    private static (double Area, double X, double Y) InkOf(Canvas canvas)
    {
        var frame = Bytes(canvas);
        var (area, x, y) = (0.0, 0.0, 0.0);
        for (var row = 0; row < canvas.Shape.Height; row++)
            for (var column = 0; column < Size; column++)
            {
                var ink = (255 - frame[(row * Size) + column]) / 255.0;
                (area, x, y) = (area + ink, x + (ink * (column + 0.5)), y + (ink * (canvas.Shape.Height - row - 0.5)));
            }

        return (area, x / area, y / area);
    }

    private static byte[] Bytes(Canvas canvas)
    {
        var frame = new byte[canvas.Shape.Size];
        canvas.CopyTo(frame);
        return frame;
    }

    [TestCase(16, 16)]
    [TestCase(15.3, 20.8)]
    [TestCase(9.77, 11.11)]
    public void A_disc_covers_its_area_around_its_middle(double x, double y)
    {
        var canvas = Pixels();
        canvas.DrawDisc(x, y, 10, Ink.Black);
        var (area, middleX, middleY) = InkOf(canvas);
        Assert.That(area, Is.EqualTo(Math.PI * 25).Within(1).Percent);
        Assert.That((middleX - x, middleY - y), Is.EqualTo((0.0, 0.0)).Using<(double X, double Y)>((a, b) => Math.Abs(a.X) + Math.Abs(a.Y) < 0.05));
    }

    [TestCase(4, 16, 28, 16)]
    [TestCase(6.3, 5.1, 25.7, 26.9)]
    [TestCase(20, 4, 20, 4.5)]
    public void A_line_with_round_ends_covers_its_area_around_its_middle(double x1, double y1, double x2, double y2)
    {
        var canvas = Pixels();
        canvas.DrawSegment(x1, y1, x2, y2, 4, Ink.Black);
        var (area, x, y) = InkOf(canvas);
        var length = Math.Sqrt(((x2 - x1) * (x2 - x1)) + ((y2 - y1) * (y2 - y1)));
        Assert.That(area, Is.EqualTo((4 * length) + (Math.PI * 4)).Within(3).Percent);
        Assert.That((x, y), Is.EqualTo(((x1 + x2) / 2, (y1 + y2) / 2)).Using<(double X, double Y)>(
            (a, b) => Math.Abs(a.X - b.X) + Math.Abs(a.Y - b.Y) < 0.05));
    }

    [TestCase(16, 16, 8, 4)]
    [TestCase(10.25, 20.6, 5.5, 7)]
    public void A_box_covers_its_area_around_its_middle(double x, double y, double width, double height)
    {
        var canvas = Pixels();
        canvas.DrawBox(x, y, width, height, Ink.Black);
        var (area, middleX, middleY) = InkOf(canvas);
        Assert.That(area, Is.EqualTo(width * height).Within(2).Percent);
        Assert.That((middleX, middleY), Is.EqualTo((x, y)).Using<(double X, double Y)>((a, b) => Math.Abs(a.X - b.X) + Math.Abs(a.Y - b.Y) < 0.05));
    }

    [Test]
    public void Below_a_slope_half_of_the_picture_is_filled()
    {
        var canvas = Pixels();
        canvas.FillBelow(static x => x, Ink.Black);
        Assert.That(InkOf(canvas).Area, Is.EqualTo(Size * Size / 2.0).Within(0.5));
        var frame = Bytes(canvas);
        Assert.That((frame[0], frame[(Size * Size) - 1], frame[(Size - 1) * Size]), Is.EqualTo(((byte)255, (byte)0, (byte)128)),
            "top left, bottom right, edge");
    }

    // Closer than a pixel: what a network has to see of a slow motion.
    [Test]
    public void A_tenth_of_a_pixel_is_seen()
    {
        var (first, second) = (Pixels(), Pixels());
        first.DrawDisc(16, 16, 4, Ink.Black);
        second.DrawDisc(16.1, 16, 4, Ink.Black);
        Assert.That(InkOf(second).X - InkOf(first).X, Is.EqualTo(0.1).Within(0.02));
    }

    [TestCase(64)]
    [TestCase(8)]
    public void All_of_the_view_is_in_the_picture_and_lengths_are_the_same_in_both_directions(int height)
    {
        var canvas = new Canvas(height, Size);
        canvas.SetView(3, -2, 4, 2);
        Assert.That(canvas.Scale, Is.EqualTo(Math.Min(Size / 4.0, height / 2.0)));
        canvas.DrawDisc(3, -2, 1, Ink.Black);
        Assert.That(InkOf(canvas).Area, Is.EqualTo(Math.PI * canvas.Scale * canvas.Scale / 4).Within(10).Percent);
        Assert.That(InkOf(canvas).X, Is.EqualTo(Size / 2.0).Within(1e-9));
        Assert.That(InkOf(canvas).Y, Is.EqualTo(height / 2.0).Within(1e-9));
    }

    [Test]
    public void Gray_is_how_bright_the_color_looks()
    {
        var (gray, color) = (Pixels(), Pixels(gray: false));
        var ink = new Ink(200, 100, 50);
        foreach (var canvas in (Canvas[])[gray, color])
        {
            canvas.Fill(Ink.Gray(40));
            canvas.DrawBox(8, 16, 16, Size, ink);
        }

        var (shades, colors) = (Bytes(gray), Bytes(color));
        Assert.That((shades[0], shades[Size - 1]), Is.EqualTo(((byte)Math.Round((0.299 * 200) + (0.587 * 100) + (0.114 * 50)), (byte)40)));
        Assert.That(new[] { colors[0], colors[Size * Size], colors[2 * Size * Size], colors[Size - 1] }, Is.EqualTo(new byte[] { 200, 100, 50, 40 }));
    }

    [Test]
    public void A_picture_of_others_is_taken_pixel_by_pixel()
    {
        var rgb = Enumerable.Range(0, 3 * 2 * 3).Select(index => (byte)(index * 13)).ToArray();
        var (color, gray) = (new Canvas(2, 3, gray: false), new Canvas(2, 3));
        color.DrawPicture(rgb);
        gray.DrawPicture(rgb);
        Assert.That(Bytes(color), Is.EqualTo(Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Range(0, 6).Select(pixel => rgb[(3 * pixel) + channel]))));
        Assert.That(Bytes(gray), Is.EqualTo(Enumerable.Range(0, 6)
            .Select(pixel => (byte)Math.Round((0.299 * rgb[3 * pixel]) + (0.587 * rgb[(3 * pixel) + 1]) + (0.114 * rgb[(3 * pixel) + 2])))));
    }

    [Test]
    public void What_is_far_away_is_cut_off()
    {
        var canvas = Pixels();
        canvas.DrawSegment(-1e300, 8, 1e300, 8, 2, Ink.Black);
        Assert.That(InkOf(canvas).Area, Is.EqualTo(2 * Size).Within(0.1), "across the picture");
        canvas = Pixels();
        canvas.DrawDisc(1e308, -1e308, 3, Ink.Black);
        canvas.DrawBox(-50, 3, 10, 10, Ink.Black);
        Assert.That(Bytes(canvas), Is.All.EqualTo(255));
    }

    [Test]
    public void A_line_without_width_is_one_pixel_thick()
    {
        var canvas = Pixels();
        canvas.DrawSegment(0, 16.5, Size, 16.5, 0, Ink.Black);
        Assert.That(Bytes(canvas).Count(value => value < 255), Is.EqualTo(Size));
    }
}
