using ScottPlot;
using ScottPlot.Panels;
using ScottPlot.Plottables;

namespace MbpoML.Plotting;

/// <summary>Draws a <see cref="SeriesPlot"/> whose values have been checked.</summary>
internal sealed class SeriesDrawing
{
    private const float ThinWidth = 0.8f;
    private const double ThinOpacity = 0.5;
    private const float MarkerSize = 7;
    private const float BarWidth = 1.5f;

    private const int DiagonalPoints = 100;

    // How far below the smallest value a band on a logarithmic axis may reach: further down it would press the values themselves together at the top.
    private const double LogFloor = 0.25;

    private readonly SeriesPlot _picture;
    private readonly Plot _plot = PlotStyle.NewPlot();
    private readonly double _floor;

    private SeriesDrawing(SeriesPlot picture)
    {
        _picture = picture;
        _floor = picture.LogY ? LogFloor * picture.Series.Min(series => series.Y.Min()) : double.NegativeInfinity;
    }

    /// <summary>Draws.</summary>
    /// <param name="picture">What to draw.</param>
    /// <param name="width">How wide the picture will be, for the legend.</param>
    /// <returns>What the caller disposes of.</returns>
    public static Plot Draw(SeriesPlot picture, int width)
    {
        var drawing = new SeriesDrawing(picture);
        drawing.Draw(width);
        return drawing._plot;
    }

    private void Draw(int width)
    {
        if (_picture.ShowsDiagonal) AddDiagonal();
        var colors = new SeriesColors(_picture);
        var named = new HashSet<(string, int?)>();
        // All of what is uncertain first, so that no band lies over a line.
        foreach (var series in _picture.Series) AddDeviation(series, colors.ColorOf(series));
        foreach (var series in _picture.Series)
        {
            var line = Add(series, colors);
            // Of many thin lines the first speaks for all.
            if (series.InLegend && (series.Style != SeriesStyle.Thin || named.Add((series.Name, series.Group)))) line.LegendText = series.Name;
        }

        if (_picture.Reference is { } reference) PlotStyle.AddReference(_plot, ToY(reference), _picture.ReferenceLabel);
        PlotStyle.Label(_plot, _picture.Title, _picture.XLabel, _picture.YLabel, width);
        if (_picture.LogX) _plot.Axes.Bottom.TickGenerator = new LogTicks([.. _picture.Series.SelectMany(series => series.X)]);
        if (_picture.LogY) _plot.Axes.Left.TickGenerator = new LogTicks([]);
        SetLimits();
        if (_picture.Note is { } note) AddNote(note);
    }

    private void AddDeviation(PlotSeries series, Color color)
    {
        if (series is not { Deviation: { } deviation, Style: not SeriesStyle.Thin }) return;
        double[] x = [.. series.X.Select(ToX)];
        double[] low = [.. series.Y.Zip(deviation, (value, one) => ToY(Math.Max(value - one, _floor)))],
            high = [.. series.Y.Zip(deviation, (value, one) => ToY(value + one))];
        if (series.Style is SeriesStyle.Line or SeriesStyle.Dashed) PlotStyle.AddBand(_plot, x, low, high, color);
        else AddErrorBars(x, [.. series.Y.Select(ToY)], low, high, color);
    }

    private Scatter Add(PlotSeries series, SeriesColors colors)
    {
        var color = colors.ColorOf(series);
        double[] x = [.. series.X.Select(ToX)], y = [.. series.Y.Select(ToY)];
        var line = PlotStyle.AddLine(_plot, x, y, color, series.Style == SeriesStyle.Dashed ? LinePattern.Dashed : colors.PatternOf(series));
        line.MarkerShape = PlotStyle.MarkerOf(series.Marker);
        switch (series.Style)
        {
            case SeriesStyle.Points:
                line.LineWidth = 0;
                line.MarkerSize = MarkerSize;
                break;
            case SeriesStyle.LineAndPoints:
                line.MarkerSize = MarkerSize;
                break;
            case SeriesStyle.Thin:
                line.LineWidth = ThinWidth;
                line.Color = color.WithAlpha(ThinOpacity);
                break;
        }

        return line;
    }

    private void AddErrorBars(double[] x, double[] y, double[] low, double[] high, Color color) =>
        _plot.Add.Plottable(new ErrorBar(
            x, y, null, null, yErrorsPositive: [.. high.Zip(y, (end, value) => end - value)], yErrorsNegative: [.. y.Zip(low, (value, end) => value - end)])
        {
            Color = color,
            LineWidth = BarWidth,
        });

    // Of many points, as it is straight only where both axes are of one kind.
    private void AddDiagonal()
    {
        var (low, high) = (_picture.Series.Min(series => series.X.Min()), _picture.Series.Max(series => series.X.Max()));
        var shares = Enumerable.Range(0, DiagonalPoints + 1).Select(index => (double)index / DiagonalPoints);
        var x = shares.Select(share => _picture.LogX ? low * Math.Pow(high / low, share) : low + ((high - low) * share))
            .Where(value => value >= _floor).ToArray();
        double[] positions = [.. x.Select(ToX)], heights = [.. x.Select(ToY)];
        var line = _plot.Add.ScatterLine(positions, heights);
        PlotStyle.MakeReference(line.LineStyle);
        line.LegendText = _picture.DiagonalLabel;
    }

    private void SetLimits()
    {
        if (_picture is { YMinimum: null, YMaximum: null }) return;
        _plot.Axes.AutoScale();
        var needed = _plot.Axes.GetLimits();
        var (low, high) = (_picture.YMinimum is { } bottom ? ToY(bottom) : needed.Bottom, _picture.YMaximum is { } top ? ToY(top) : needed.Top);
        if (low >= high)
            throw new InvalidOperationException(_picture.YMinimum is { } minimum ? Invariant($"YMinimum is {minimum}, but all values lie below.")
                : Invariant($"YMaximum is {_picture.YMaximum}, but all values lie above."));
        _plot.Axes.SetLimitsY(low, high);
    }

    // In the margin, where it hides nothing.
    private void AddNote(string note)
    {
        var panel = new TitlePanel();
        (panel.Label.Text, panel.Label.FontName, panel.Label.FontSize, panel.Label.Bold) = (note, EmbeddedFont.Name, PlotStyle.SmallText, false);
        _plot.Axes.AddPanel(panel);
    }

    private double ToX(double x) => _picture.LogX ? Math.Log10(x) : x;

    private double ToY(double y) => _picture.LogY ? Math.Log10(y) : y;
}
