using ScottPlot;
using ScottPlot.Colormaps;

namespace MbpoML.Plotting;

/// <summary>Which series of a picture has which colour.</summary>
internal sealed class SeriesColors
{
    // Beyond this share of the map its colours are too pale for a line on white.
    private const double MapEnd = 0.8;

    private static readonly Viridis Map = new();

    private readonly bool _isOrdered;
    private readonly List<object> _keys;

    /// <summary>Deals the colours out.</summary>
    public SeriesColors(SeriesPlot picture)
    {
        _isOrdered = picture.IsOrdered;
        var keys = picture.Series.Select(KeyOf).Distinct();
        _keys = [.. _isOrdered ? keys.OrderBy(key => key is int group ? group : double.PositiveInfinity) : keys];
    }

    /// <summary>The colour of a series.</summary>
    public Color ColorOf(PlotSeries series) =>
        _isOrdered ? Map.GetColor(_keys.Count == 1 ? 0 : MapEnd * IndexOf(series) / (_keys.Count - 1)) : PlotStyle.ColorOf(IndexOf(series));

    /// <summary>The pattern of a line, which tells apart what has the same colour.</summary>
    public LinePattern PatternOf(PlotSeries series) => _isOrdered ? LinePattern.Solid : PlotStyle.PatternOf(IndexOf(series));

    private int IndexOf(PlotSeries series) => _keys.IndexOf(KeyOf(series));

    // A group's number, the name that thin lines share, or else the series itself.
    private static object KeyOf(PlotSeries series) => series switch
    {
        { Group: { } group } => group,
        { Style: SeriesStyle.Thin } => series.Name,
        _ => series,
    };
}
