using System.Globalization;
using System.Net;
using System.Text;

namespace MbpoML.Experiments.Reports.Verdicts;

/// <summary>A small picture as SVG text: a plot area with a linear scale on both sides, on which dots, lines and words are put.</summary>
internal sealed class SvgPicture
{
    private const int Width = 560, Left = 130, Right = 15, Top = 12, Bottom = 42, Ticks = 5, Gap = 7;

    private readonly StringBuilder _text = new();
    private readonly int _height;
    private readonly (double Low, double High) _x, _y;

    /// <param name="title">What a reader hears who sees no pictures.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="x">The range of the horizontal axis.</param>
    /// <param name="y">The range of the vertical axis; the lower value is at the bottom.</param>
    /// <param name="label">What stands below the horizontal axis.</param>
    public SvgPicture(string title, int height, (double Low, double High) x, (double Low, double High) y, string label)
    {
        (_height, _x, _y) = (height, Widened(x), Widened(y));
        _text.Append(
            CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" """);
        _text.Append(CultureInfo.InvariantCulture, $"""role="img" font-family="sans-serif" font-size="12"><title>{Encoded(title)}</title>""");
        _text.Append(CultureInfo.InvariantCulture, $"""<rect width="{Width}" height="{height}" fill="#fff"/>""");
        var (first, last) = double.IsFinite(x.High - x.Low) && x.High > x.Low ? x : _x;
        for (var tick = 0; tick <= Ticks; tick++) XTick(first + (tick * (last - first) / Ticks));
        Word((Left + Width - Right) / 2, height - 6, "middle", label);
    }

    /// <summary>A dot.</summary>
    public void Dot(double x, double y, string color) => _text.Append(
        CultureInfo.InvariantCulture, $"""<circle cx="{X(x):F1}" cy="{Y(y):F1}" r="4.5" fill="{color}" fill-opacity="0.75"/>""");

    /// <summary>A line through points.</summary>
    public void Line(IEnumerable<(double X, double Y)> points, string color, bool isDashed = false)
    {
        var path = string.Join(' ', points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))
            .Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):F1},{Y(point.Y):F1}")));
        var dashes = isDashed ? " stroke-dasharray=\"5 4\"" : "";
        _text.Append(CultureInfo.InvariantCulture, $"""<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"{dashes}/>""");
    }

    /// <summary>A word left of the plot, at a height of the vertical axis.</summary>
    public void Row(double y, string word) => Word(Left - 8, (int)Y(y) + 4, "end", word);

    /// <summary>A tick with its number left of the plot.</summary>
    public void YTick(double y) => Row(y, Number(y));

    /// <summary>A word in the plot, above a point at its end.</summary>
    public void Note(double x, double y, string word, string color) => _text.Append(
        CultureInfo.InvariantCulture, $"""<text x="{X(x):F1}" y="{Y(y) - Gap:F1}" fill="{color}" text-anchor="end">{Encoded(word)}</text>""");

    /// <summary>The picture as text.</summary>
    public string Finish() => _text.Append("</svg>").ToString();

    private void XTick(double x)
    {
        _text.Append(
            CultureInfo.InvariantCulture,
            $"""<line x1="{X(x):F1}" x2="{X(x):F1}" y1="{Top}" y2="{_height - Bottom}" stroke="#ddd"/>""");
        Word((int)X(x), _height - Bottom + 16, "middle", Number(x));
    }

    private void Word(int x, int y, string anchor, string word) => _text.Append(
        CultureInfo.InvariantCulture, $"""<text x="{x}" y="{y}" fill="#333" text-anchor="{anchor}">{Encoded(word)}</text>""");

    private double X(double value) => Left + ((value - _x.Low) / (_x.High - _x.Low) * (Width - Left - Right));

    private double Y(double value) => _height - Bottom - ((value - _y.Low) / (_y.High - _y.Low) * (_height - Top - Bottom));

    // A single value has room around it, and what is no number spoils no axis.
    private static (double Low, double High) Widened((double Low, double High) range)
    {
        var (low, high) = (double.IsFinite(range.Low) ? range.Low : 0, double.IsFinite(range.High) ? range.High : 1);
        var margin = high > low ? 0.05 * (high - low) : Math.Max(1e-9, Math.Abs(low) * 0.1);
        return (low - margin, high + margin);
    }

    // Three digits are enough, and thousands are read without an exponent.
    private static string Number(double value) => value.ToString(Math.Abs(value) is >= 1000 and < 1e6 ? "F0" : "G3", CultureInfo.InvariantCulture);

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
