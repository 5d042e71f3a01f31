using ScottPlot;
using ScottPlot.Panels;
using ScottPlot.Plottables;

namespace MbpoML.Plotting;

/// <summary>How all pictures look: colours, widths, fonts and the legend.</summary>
/// <remarks>Colours are those of Okabe and Ito ("Color Universal Design", 2008), which stay apart for colour-blind readers.</remarks>
internal static class PlotStyle
{
    /// <summary>The width of a line that matters.</summary>
    public const float LineWidth = 2.5f;

    /// <summary>How much a band of deviation hides.</summary>
    public const double BandOpacity = 0.2;

    /// <summary>The size of legends and of the numbers at the axes.</summary>
    public const float SmallText = 14;

    /// <summary>The size of the heading.</summary>
    public const float TitleText = 18;

    /// <summary>What the vertical axis and the margin take of a picture's width, about.</summary>
    public const int AxisWidth = 90;

    private const float LabelText = 16;
    private const float LegendLine = 32;

    // The free space around the legend.
    private const int LegendGap = 12;
    private const float SinglePoint = 8;

    // Blue, vermilion, green, orange, purple, sky blue, black; the eighth colour of the set, yellow, is too pale for a line on white.
    private static readonly string[] Colors = ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000"];
    private static readonly LinePattern[] Patterns = [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted];

    // Shapes that stay apart where they are small: first filled ones, then open ones and crosses.
    private static readonly MarkerShape[] Markers =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown,
        MarkerShape.OpenCircle, MarkerShape.OpenSquare,
        MarkerShape.OpenTriangleUp, MarkerShape.OpenDiamond, MarkerShape.OpenTriangleDown, MarkerShape.Cross, MarkerShape.Eks,
    ];

    private static readonly Color Grey = Color.FromHex("#666666");

    /// <summary>The colour of the series with this index; after the last the first comes again.</summary>
    public static Color ColorOf(int index) => Color.FromHex(Colors[index % Colors.Length]);

    /// <summary>The line pattern of the series with this index: it changes when the colours begin again.</summary>
    public static LinePattern PatternOf(int index) => Patterns[index / Colors.Length % Patterns.Length];

    /// <summary>The shape of markers with this number; after the last the first comes again.</summary>
    public static MarkerShape MarkerOf(int number) => Markers[number % Markers.Length];

    /// <summary>A plot without anything in it yet; from now on ScottPlot knows the font.</summary>
    public static Plot NewPlot()
    {
        EmbeddedFont.Register();
        return new Plot();
    }

    /// <summary>Adds a line; a single point, which no line shows, gets a marker.</summary>
    public static Scatter AddLine(Plot plot, double[] x, double[] y, Color color, LinePattern pattern)
    {
        var line = plot.Add.Scatter(x, y, color);
        line.LineWidth = LineWidth;
        line.LinePattern = pattern;
        line.MarkerSize = x.Length == 1 ? SinglePoint : 0;
        return line;
    }

    /// <summary>Adds a band without an outline.</summary>
    public static void AddBand(Plot plot, double[] x, double[] low, double[] high, Color color, double opacity = BandOpacity)
    {
        var band = plot.Add.FillY(x, low, high);
        band.FillColor = color.WithAlpha(opacity);
        band.LineWidth = 0;
        band.MarkerSize = 0;
    }

    /// <summary>Adds a horizontal line to compare with.</summary>
    public static void AddReference(Plot plot, double y, string label)
    {
        var line = plot.Add.HorizontalLine(y);
        line.LegendText = label;
        MakeReference(line.LineStyle);
    }

    /// <summary>Makes a line one to compare with: thin, grey and dashed.</summary>
    public static void MakeReference(LineStyle line)
    {
        line.Width = 1.5f;
        line.Color = Grey;
        line.Pattern = LinePattern.Dashed;
    }

    /// <summary>
    /// Writes the heading and the axes' labels, and shows the legend below; none where there is nothing in it, as an empty one would take the whole picture.
    /// </summary>
    /// <param name="plot">The plot, with all that is to be in the legend.</param>
    /// <param name="title">The heading; none when null.</param>
    /// <param name="xLabel">The label of the horizontal axis.</param>
    /// <param name="yLabel">The label of the vertical axis.</param>
    /// <param name="width">How wide the picture will be, for the legend.</param>
    public static void Label(Plot plot, string? title, string xLabel, string yLabel, int width)
    {
        if (title is not null) plot.Title(Wrapped(title, Math.Max(1, width - AxisWidth)), size: TitleText);
        plot.XLabel(xLabel, size: LabelText);
        plot.YLabel(yLabel, size: LabelText);
        plot.Axes.Bottom.TickLabelStyle.FontSize = SmallText;
        plot.Axes.Left.TickLabelStyle.FontSize = SmallText;
        StyleLegend(plot.Legend);
        // Wide enough for dashes to be seen as such.
        plot.Legend.SymbolWidth = LegendLine;
        if (plot.Legend.GetItems().Length > 0) FitLegend(plot.ShowLegend(Edge.Bottom), width);
        plot.Font.Set(EmbeddedFont.Name);
    }

    /// <summary>A heading in as many lines as it needs, between its words: one that is wider than the picture would be cut.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="width">The width of the space for it, in pixels.</param>
    public static string Wrapped(string title, float width)
    {
        EmbeddedFont.Register();
        using var paint = Paint.NewDisposablePaint();
        var lines = new List<string>();
        foreach (var word in title.Split(' '))
        {
            if (lines.Count > 0 && WidthOf($"{lines[^1]} {word}", paint) <= width) lines[^1] += $" {word}";
            else lines.Add(word);
        }

        return string.Join('\n', lines);
    }

    /// <summary>The width of a heading in pixels.</summary>
    public static float WidthOf(string title, Paint paint) =>
        new LabelStyle { Text = title, FontName = EmbeddedFont.Name, FontSize = TitleText, Bold = true }.Measure(paint).Width;

    /// <summary>Makes a legend one without a frame.</summary>
    public static void StyleLegend(Legend legend)
    {
        legend.FontSize = SmallText;
        legend.FontName = EmbeddedFont.Name;
        legend.OutlineWidth = 0;
        legend.ShadowColor = Color.FromHex("#FFFFFF");
    }

    // Left alone a panel takes the height that its legend would need in a wide picture.
    private static void FitLegend(LegendPanel panel, int width)
    {
        using var paint = Paint.NewDisposablePaint();
        panel.MinimumSize = LegendGap + panel.Legend.GetLayout(new PixelSize(Math.Max(1, width - AxisWidth), float.MaxValue), paint).LegendRect.Height;
    }
}
