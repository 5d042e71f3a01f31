using ScottPlot;

namespace MbpoML.Plotting;

/// <summary>A picture of learning curves: for each algorithm the mean over its seeds as a line, and its spread to either side as a band.</summary>
/// <remarks>
/// Colours are those of Okabe and Ito ("Color Universal Design", 2008), which stay apart for colour-blind readers; beyond seven algorithms the line pattern
/// changes too.
/// </remarks>
public sealed class LearningCurvePlot
{
    /// <summary>The width of a picture in pixels when none is given: legible in a README.</summary>
    public const int DefaultWidth = 900;

    /// <summary>The height of a picture in pixels when none is given.</summary>
    public const int DefaultHeight = 500;

    // What a line of the legend takes, and the lines for which the default height has room.
    private const int LegendLine = 22, LegendLines = 6;

    // What is compared with stays in the background.
    private const double OtherBand = 0.08;

    private readonly List<LearningCurve> _curves = [];
    private readonly List<SeedAverage> _others = [];

    /// <summary>The heading; none when null.</summary>
    public string? Title { get; set; }

    /// <summary>The label of the horizontal axis, with its unit.</summary>
    public string StepLabel { get; set; } = "environment steps";

    /// <summary>The label of the vertical axis, with its unit.</summary>
    public string ReturnLabel { get; set; } = "return of an episode";

    /// <summary>A return to aim at, drawn as a horizontal dashed line; none when null.</summary>
    public double? Target { get; set; }

    /// <summary>What the legend calls the target.</summary>
    public string TargetLabel { get; set; } = "target";

    /// <summary>What the bands show; the standard deviation by default, as published curves do.</summary>
    public CurveBand Band { get; set; }

    /// <summary>The curves, in the order added.</summary>
    public IReadOnlyList<LearningCurve> Curves => _curves;

    /// <summary>Adds a run; see <see cref="LearningCurve(string, IReadOnlyList{double}, IReadOnlyList{double})"/> for the arguments.</summary>
    /// <param name="algorithm">The name of the algorithm, not blank. Runs of equal names are averaged.</param>
    /// <param name="steps">Environment steps, one or more, finite and strictly ascending.</param>
    /// <param name="returns">The mean return at each of the steps, finite.</param>
    /// <exception cref="ArgumentException">The name is blank, there is no point, the numbers differ in length or are not finite, or the steps do not
    /// rise.</exception>
    public void Add(string algorithm, IReadOnlyList<double> steps, IReadOnlyList<double> returns) => Add(new LearningCurve(algorithm, steps, returns));

    /// <summary>Adds the curve of a run.</summary>
    /// <param name="curve">The run to add; runs of equal names are averaged.</param>
    public void Add(LearningCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        _curves.Add(curve);
    }

    /// <summary>Adds an average to compare with, for instance a published one (<see cref="PublishedCurves"/>); its line is dashed.</summary>
    /// <param name="average">The average to draw, with its own name.</param>
    public void AddAverage(SeedAverage average)
    {
        ArgumentNullException.ThrowIfNull(average);
        _others.Add(average);
    }

    /// <summary>What is drawn: one average for each algorithm, in the order of first appearance, and then the averages added.</summary>
    public IReadOnlyList<SeedAverage> Averages() => [.. _curves.GroupBy(curve => curve.Algorithm).Select(group => SeedAverage.Of([.. group])), .. _others];

    /// <summary>
    /// The height of a picture in pixels in which the curves keep their room: the legend has a line for each average, and <see cref="DefaultHeight"/> room for
    /// six.
    /// </summary>
    public int FittingHeight => Math.Min(OutputFile.MaxSize, DefaultHeight + (LegendLine * Math.Max(0, Averages().Count - LegendLines)));

    /// <summary>Draws into a PNG file; makes its folder where it is missing.</summary>
    /// <param name="path">The path of the PNG file; a file that is there is replaced.</param>
    /// <param name="width">The width of the picture in pixels, 1 to 16,384.</param>
    /// <param name="height">The height of the picture in pixels, 1 to 16,384.</param>
    /// <exception cref="ArgumentException">The path is empty, a side is below 1 or above 16,384 pixels, or a label is null.</exception>
    /// <exception cref="InvalidOperationException">There is no curve, the target is not finite, or the band is none of the two.</exception>
    public void SavePng(string path, int width = DefaultWidth, int height = DefaultHeight) =>
        Save(path, width, height, plot => plot.SavePng(path, width, height));

    /// <summary>Draws into an SVG file; makes its folder where it is missing. Viewers without DejaVu Sans show the text in a font of theirs.</summary>
    /// <param name="path">The path of the SVG file; a file that is there is replaced.</param>
    /// <param name="width">The width of the picture in pixels, 1 to 16,384.</param>
    /// <param name="height">The height of the picture in pixels, 1 to 16,384.</param>
    /// <exception cref="ArgumentException">The path is empty, a side is below 1 or above 16,384 pixels, or a label is null.</exception>
    /// <exception cref="InvalidOperationException">There is no curve, the target is not finite, or the band is none of the two.</exception>
    public void SaveSvg(string path, int width = DefaultWidth, int height = DefaultHeight) =>
        Save(path, width, height, plot => plot.SaveSvg(path, width, height));

    private void Save(string path, int width, int height, Action<Plot> save)
    {
        using var numbers = InvariantNumbers.Begin();
        OutputFile.CheckPicture(path, width, height);
        ArgumentNullException.ThrowIfNull(StepLabel);
        ArgumentNullException.ThrowIfNull(ReturnLabel);
        ArgumentNullException.ThrowIfNull(TargetLabel);
        if (!Enum.IsDefined(Band))
            throw new InvalidOperationException($"Band is {Band}, but must be {CurveBand.StandardDeviation} or {CurveBand.StandardError}.");
        if (Target is { } aim && !double.IsFinite(aim))
            throw new InvalidOperationException(Invariant($"Target is {aim}, but must be a finite return, or null for none."));
        if (_curves.Count + _others.Count == 0) throw new InvalidOperationException("There is no curve to draw: call Add before saving.");
        using var plot = Draw(width);
        OutputFile.CreateFolder(path);
        save(plot);
    }

    private Plot Draw(int width)
    {
        var plot = PlotStyle.NewPlot();
        var averages = Averages();
        var own = averages.Count - _others.Count;
        // All bands first, so that none lies over a line.
        for (var index = 0; index < averages.Count; index++)
            DrawBand(plot, averages[index], PlotStyle.ColorOf(index), index < own ? PlotStyle.BandOpacity : OtherBand);
        for (var index = 0; index < averages.Count; index++)
            DrawLine(plot, averages[index], PlotStyle.ColorOf(index), index < own ? PlotStyle.PatternOf(index) : LinePattern.Dashed);
        if (Target is { } target) PlotStyle.AddReference(plot, target, TargetLabel);
        PlotStyle.Label(plot, Title, StepLabel, ReturnLabel, width);
        return plot;
    }

    private void DrawBand(Plot plot, SeedAverage average, Color color, double opacity)
    {
        if (average.Runs < 2) return;
        var widths = average.StandardDeviation.Zip(
            average.Counts, (deviation, count) => Band == CurveBand.StandardError ? deviation / Math.Sqrt(count) : deviation);
        var around = average.Mean.Zip(widths);
        PlotStyle.AddBand(plot, [.. average.Steps], [.. around.Select(one => one.First - one.Second)], [.. around.Select(one => one.First + one.Second)],
            color, opacity);
    }

    private void DrawLine(Plot plot, SeedAverage average, Color color, LinePattern pattern)
    {
        var line = PlotStyle.AddLine(plot, [.. average.Steps], [.. average.Mean], color, pattern);
        var seeds = average.Counts.Min() < average.Runs ? Invariant($"{average.Counts.Min()} to {average.Runs}") : Invariant($"{average.Runs}");
        line.LegendText = average.Runs > 1 ? $"{average.Algorithm}, mean ± 1 {(Band == CurveBand.StandardError ? "se" : "sd")} of {seeds} seeds"
            : average.Algorithm;
    }
}
