namespace MbpoML.Plotting;

/// <summary>One series of a <see cref="SeriesPlot"/>: points, in the order in which a line runs through them.</summary>
public sealed class PlotSeries
{
    /// <summary>Takes the points of a series; they are copied.</summary>
    /// <param name="name">The name of the series in the legend.</param>
    /// <param name="x">Where the points are on the horizontal axis, finite, one or more of them.</param>
    /// <param name="y">The value at each of them, finite.</param>
    /// <param name="deviation">How far each value strays to either side, finite and not negative; null where that is not known.</param>
    /// <param name="style">The line, the dashes or the points with which it is drawn.</param>
    /// <param name="group">
    /// Series of one group share a colour, for instance measured points and the line fitted to them. Null gives a colour of its own, except that
    /// <see cref="SeriesStyle.Thin"/> lines of one name without a group share theirs, as they share an entry in the legend.
    /// </param>
    /// <exception cref="ArgumentException">The name is blank, or the lists are empty, differ in length or hold what is not finite, or a deviation is negative,
    /// or there is no such style.</exception>
    public PlotSeries(string name, IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double>? deviation = null,
        SeriesStyle style = SeriesStyle.Line, int? group = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (!Enum.IsDefined(style))
            throw new ArgumentOutOfRangeException(
                nameof(style), style, $"The series \"{name}\" has a style that is none of {string.Join(", ", Enum.GetNames<SeriesStyle>())}.");
        if (x.Count == 0 || x.Count != y.Count)
            throw new ArgumentException($"The series \"{name}\" has {x.Count} x and {y.Count} y; it needs equally many of both, at least one.", nameof(y));
        if (deviation is not null && deviation.Count != x.Count)
            throw new ArgumentException(
                $"The series \"{name}\" has {x.Count} points and {deviation.Count} deviations; it needs one a point, or null for none.", nameof(deviation));
        for (var index = 0; index < x.Count; index++)
        {
            if (!double.IsFinite(x[index]))
                throw new ArgumentException(
                    Invariant($"The series \"{name}\" has the x {x[index]} at position {index}; leave out points that are not finite."), nameof(x));
            if (!double.IsFinite(y[index]))
                throw new ArgumentException(
                    Invariant($"The series \"{name}\" has the y {y[index]} at position {index}; leave out points that are not finite."), nameof(y));
            if (deviation is not null && !(double.IsFinite(deviation[index]) && deviation[index] >= 0))
                throw new ArgumentException(
                    Invariant($"The series \"{name}\" has the deviation {deviation[index]} at position {index}; it must be finite and not negative."),
                    nameof(deviation));
        }

        (Name, X, Y, Style, Group) = (name, [.. x], [.. y], style, group);
        Deviation = deviation is null ? null : [.. deviation];
    }

    /// <summary>What the legend calls it.</summary>
    public string Name { get; }

    /// <summary>Where the points are on the horizontal axis.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>The value at each point.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>How far each value strays to either side; null where that is not known.</summary>
    public IReadOnlyList<double>? Deviation { get; }

    /// <summary>How it is drawn.</summary>
    public SeriesStyle Style { get; }

    /// <summary>The group whose colour it has; null for none.</summary>
    public int? Group { get; }

    /// <summary>Whether it has an entry in the legend.</summary>
    public bool InLegend { get; init; } = true;

    /// <summary>
    /// The number of its markers' shape, from 0, the filled circle; there are twelve. Tells apart what shares a colour, such as the runs of one group.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int Marker
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Marker), value, $"{nameof(Marker)} must be at least 0.");
    }
}
