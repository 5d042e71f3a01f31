namespace MbpoML.Plotting;

/// <summary>A picture of series over a common horizontal axis: scaling laws, errors over a horizon, predicted against measured values.</summary>
/// <remarks>Colours and fonts are those of <see cref="LearningCurvePlot"/>; beyond seven of them the pattern of lines changes too.</remarks>
public sealed class SeriesPlot
{
    private readonly List<PlotSeries> _series = [];

    /// <summary>The heading; none when null.</summary>
    public string? Title { get; set; }

    /// <summary>The label of the horizontal axis, with its unit.</summary>
    public string XLabel { get; set; } = "x";

    /// <summary>The label of the vertical axis, with its unit.</summary>
    public string YLabel { get; set; } = "y";

    /// <summary>
    /// Whether the horizontal axis is logarithmic; every x must be above 0 then. Up to eight different x, where they lie apart, are what it is labelled with.
    /// </summary>
    public bool LogX { get; set; }

    /// <summary>
    /// Whether the vertical axis is logarithmic; every y must be above 0 then. Bands and error bars end at a quarter of the smallest y, as 0 is infinitely far
    /// down.
    /// </summary>
    public bool LogY { get; set; }

    /// <summary>
    /// Whether groups are steps of an ordered quantity, such as the size of the training set: colours then run from dark to light with the number of the group.
    /// Series without a group come after the groups, in the order added.
    /// </summary>
    public bool IsOrdered { get; set; }

    /// <summary>Whether the line y = x is drawn behind the series, over the range of their x.</summary>
    public bool ShowsDiagonal { get; set; }

    /// <summary>What the legend calls the line y = x.</summary>
    public string DiagonalLabel { get; set; } = "y = x";

    /// <summary>A value to compare with, drawn as a horizontal dashed line; none when null.</summary>
    public double? Reference { get; set; }

    /// <summary>What the legend calls the value to compare with.</summary>
    public string ReferenceLabel { get; set; } = "reference";

    /// <summary>The lower end of the vertical axis; where the values need it to be when null.</summary>
    public double? YMinimum { get; set; }

    /// <summary>The upper end of the vertical axis; where the values need it to be when null.</summary>
    public double? YMaximum { get; set; }

    /// <summary>A short text of one line under the heading, such as a coefficient of correlation; none when null.</summary>
    public string? Note { get; set; }

    /// <summary>The series, in the order added.</summary>
    public IReadOnlyList<PlotSeries> Series => _series;

    /// <summary>Adds a series of points.</summary>
    /// <param name="series">What to draw; see
    /// <see cref="PlotSeries(string, IReadOnlyList{double}, IReadOnlyList{double}, IReadOnlyList{double}?, SeriesStyle, int?)"/>.</param>
    public void Add(PlotSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        _series.Add(series);
    }

    /// <summary>Draws into a PNG file; makes its folder where it is missing.</summary>
    /// <param name="path">The path of the picture; a file that is there is replaced.</param>
    /// <param name="width">The width of the picture in pixels, 1 to 16,384.</param>
    /// <param name="height">The height of the picture in pixels, 1 to 16,384.</param>
    /// <exception cref="ArgumentException">The path is empty, a side is below 1 or above 16,384 pixels, or a label is null.</exception>
    /// <exception cref="InvalidOperationException">There is no series; a logarithmic axis has a value that is not above 0; or the reference or the ends of the
    /// axis are none.</exception>
    public void SavePng(string path, int width = LearningCurvePlot.DefaultWidth, int height = LearningCurvePlot.DefaultHeight)
    {
        using var numbers = InvariantNumbers.Begin();
        Check(path, width, height);
        using var plot = SeriesDrawing.Draw(this, width);
        OutputFile.CreateFolder(path);
        plot.SavePng(path, width, height);
    }

    /// <summary>Draws into an SVG file; makes its folder where it is missing. Viewers without DejaVu Sans show the text in a font of theirs.</summary>
    /// <param name="path">The path of the picture; a file that is there is replaced.</param>
    /// <param name="width">The width of the picture in pixels, 1 to 16,384.</param>
    /// <param name="height">The height of the picture in pixels, 1 to 16,384.</param>
    /// <exception cref="ArgumentException">The path is empty, a side is below 1 or above 16,384 pixels, or a label is null.</exception>
    /// <exception cref="InvalidOperationException">There is no series; a logarithmic axis has a value that is not above 0; or the reference or the ends of the
    /// axis are none.</exception>
    public void SaveSvg(string path, int width = LearningCurvePlot.DefaultWidth, int height = LearningCurvePlot.DefaultHeight)
    {
        using var numbers = InvariantNumbers.Begin();
        Check(path, width, height);
        using var plot = SeriesDrawing.Draw(this, width);
        OutputFile.CreateFolder(path);
        plot.SaveSvg(path, width, height);
    }

    /// <summary>Writes the numbers as a table; see <see cref="SeriesCsv"/>.</summary>
    /// <param name="path">The path of the CSV file; a file that is there is replaced.</param>
    /// <exception cref="ArgumentException">The path is empty, or a name holds a line break.</exception>
    public void SaveCsv(string path) => SeriesCsv.Write(path, _series);

    private void Check(string path, int width, int height)
    {
        OutputFile.CheckPicture(path, width, height);
        ArgumentNullException.ThrowIfNull(XLabel);
        ArgumentNullException.ThrowIfNull(YLabel);
        ArgumentNullException.ThrowIfNull(DiagonalLabel);
        ArgumentNullException.ThrowIfNull(ReferenceLabel);
        if (_series.Count == 0) throw new InvalidOperationException("There is no series to draw: call Add before saving.");
        CheckValue(nameof(Reference), Reference);
        CheckValue(nameof(YMinimum), YMinimum);
        CheckValue(nameof(YMaximum), YMaximum);
        if (YMinimum >= YMaximum)
            throw new InvalidOperationException(Invariant($"YMinimum is {YMinimum} and YMaximum {YMaximum}, but the minimum must lie below the maximum."));
        foreach (var series in _series)
        {
            if (LogX) CheckPositive(nameof(LogX), series.Name, "x", series.X);
            if (LogY) CheckPositive(nameof(LogY), series.Name, "y", series.Y);
        }
    }

    private void CheckValue(string name, double? value)
    {
        if (value is { } given && !(double.IsFinite(given) && (!LogY || given > 0)))
            throw new InvalidOperationException(
                Invariant($"{name} is {given}, but must be finite{(LogY ? " and above 0, as LogY is set" : "")}, or null for none."));
    }

    private static void CheckPositive(string axis, string name, string what, IReadOnlyList<double> values)
    {
        for (var index = 0; index < values.Count; index++)
            if (values[index] <= 0)
                throw new InvalidOperationException(
                    Invariant($"The series \"{name}\" has the {what} {values[index]} at position {index}, but {axis} is set: a logarithmic axis shows ") +
                        "values above 0 only.");
    }
}
