using System.Globalization;
using System.Text;
using ScottPlot;
using SkiaSharp;

namespace MbpoML.Plotting;

/// <summary>
/// Small multiples, one panel a quantity: what happened as a black line, and the mean of what was imagined with one standard deviation to either side in blue.
/// </summary>
/// <remarks>For one episode in the environment and many replays of its actions in a model. Panels stand in rows, in the order added.</remarks>
public sealed class FanPlot
{
    /// <summary>The width of a picture in pixels when none is given.</summary>
    public const int DefaultWidth = 1000;

    private const string CsvHeader = "quantity,step,actual,mean,deviation";
    private const int RowHeight = 220;

    private readonly List<FanPanel> _panels = [];

    /// <summary>The heading; none when null.</summary>
    public string? Title { get; set; }

    /// <summary>The label of the horizontal axes, with its unit; the first value is at 0.</summary>
    public string StepLabel { get; set; } = "steps";

    /// <summary>What the legend calls what happened.</summary>
    public string ActualLabel { get; set; } = "environment";

    /// <summary>What the legend calls what was imagined.</summary>
    public string ImaginedLabel { get; set; } = "model, mean ± 1 sd";

    /// <summary>Panels a row, at least 1.</summary>
    public int Columns { get; set; } = 3;

    /// <summary>Adds a panel for one quantity.</summary>
    /// <param name="name">The quantity, with its unit; the panel's heading.</param>
    /// <param name="actual">What happened, one value a step, finite, one or more of them.</param>
    /// <param name="mean">The mean of what was imagined at each of the steps. The panel shows it up to the first value that is not finite.</param>
    /// <param name="deviation">Its standard deviation at each of the steps, not negative. The panel shows it up to the first value that is not finite.</param>
    /// <exception cref="ArgumentException">The name is blank, the lists are empty or differ in length, what happened is not finite, or a deviation is
    /// negative.</exception>
    public void Add(string name, IReadOnlyList<double> actual, IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        if (actual.Count == 0 || actual.Count != mean.Count || actual.Count != deviation.Count)
            throw new ArgumentException(
                $"The panel \"{name}\" has {actual.Count} actual values, {mean.Count} means and {deviation.Count} deviations; it needs equally many of " +
                    "each, at least one.", nameof(actual));
        for (var step = 0; step < actual.Count; step++)
        {
            if (!double.IsFinite(actual[step]))
                throw new ArgumentException(
                    Invariant($"The panel \"{name}\" has the actual value {actual[step]} at step {step}; what happened must be finite."), nameof(actual));
            if (deviation[step] < 0)
                throw new ArgumentException(
                    Invariant($"The panel \"{name}\" has the deviation {deviation[step]} at step {step}; it must not be negative."), nameof(deviation));
        }

        _panels.Add(new FanPanel(name, [.. actual], [.. mean], [.. deviation]));
    }

    /// <summary>Draws into a PNG file; makes its folder where it is missing.</summary>
    /// <param name="path">The path of the picture; a file that is there is replaced.</param>
    /// <param name="width">The width of the picture in pixels, 1 to 16,384.</param>
    /// <param name="height">The height in pixels; 0 for 220 a row, and what heading and legend take.</param>
    /// <exception cref="ArgumentException">The path is empty, a side is below 1 or above 16,384 pixels, or a label is null.</exception>
    /// <exception cref="InvalidOperationException">There is no panel, or a row has none.</exception>
    public void SavePng(string path, int width = DefaultWidth, int height = 0)
    {
        using var numbers = InvariantNumbers.Begin();
        height = Check(path, width, height);
        using var surface = SKSurface.Create(new SKImageInfo(width, height));
        Draw(surface.Canvas, width, height);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        using var file = File.Create(path);
        data.SaveTo(file);
    }

    /// <summary>Draws into an SVG file; makes its folder where it is missing. Viewers without DejaVu Sans show the text in a font of theirs.</summary>
    /// <param name="path">The path of the picture; a file that is there is replaced.</param>
    /// <param name="width">The width of the picture in pixels, 1 to 16,384.</param>
    /// <param name="height">The height in pixels; 0 for 220 a row, and what heading and legend take.</param>
    /// <exception cref="ArgumentException">The path is empty, a side is below 1 or above 16,384 pixels, or a label is null.</exception>
    /// <exception cref="InvalidOperationException">There is no panel, or a row has none.</exception>
    public void SaveSvg(string path, int width = DefaultWidth, int height = 0)
    {
        using var numbers = InvariantNumbers.Begin();
        height = Check(path, width, height);
        using var file = File.Create(path);
        // The canvas ends the document when it is disposed of.
        using var canvas = SKSvgCanvas.Create(SKRect.Create(width, height), file);
        Draw(canvas, width, height);
    }

    /// <summary>
    /// Writes the numbers as a CSV table, <c>quantity,step,actual,mean,deviation</c>, one line a step, steps counted from 0. What is not finite is written too,
    /// as NaN or Infinity.
    /// </summary>
    /// <param name="path">The path of the CSV file; a file that is there is replaced.</param>
    /// <exception cref="ArgumentException">The path is empty, or a name holds a line break.</exception>
    public void SaveCsv(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var text = new StringBuilder(CsvHeader).Append('\n');
        foreach (var panel in _panels)
            for (var step = 0; step < panel.Actual.Length; step++)
                text.Append(CultureInfo.InvariantCulture,
                    $"{OutputFile.Quote(panel.Name, "a quantity")},{step},{panel.Actual[step]:R},{panel.Mean[step]:R},{panel.Deviation[step]:R}\n");
        OutputFile.WriteText(path, text);
    }

    // Gives the height to draw with, and leaves the folder there.
    private int Check(string path, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(StepLabel);
        ArgumentNullException.ThrowIfNull(ActualLabel);
        ArgumentNullException.ThrowIfNull(ImaginedLabel);
        if (Columns < 1) throw new InvalidOperationException(Invariant($"Columns is {Columns}, but a row needs at least 1 panel."));
        if (height == 0) height = Math.Max(1, Rows) * RowHeight + FanDrawing.Frame(Title);
        OutputFile.CheckPicture(path, width, height);
        if (_panels.Count == 0) throw new InvalidOperationException("There is no panel to draw: call Add before saving.");
        OutputFile.CreateFolder(path);
        return height;
    }

    private int Rows => (_panels.Count - 1) / Columns + 1;

    private void Draw(SKCanvas canvas, int width, int height)
    {
        canvas.Clear(SKColors.White);
        var area = FanDrawing.DrawFrame(canvas, new PixelRect(width, height), Title, ActualLabel, ImaginedLabel);
        // Fewer panels than a row holds are as wide as the picture.
        var columns = Math.Min(Columns, _panels.Count);
        var (panelWidth, panelHeight) = (area.Width / columns, area.Height / Rows);
        for (var index = 0; index < _panels.Count; index++)
        {
            var (row, column) = (index / columns, index % columns);
            // In the last row alone: the panels of a row are equally high.
            using var plot = _panels[index].Draw(row == Rows - 1 ? StepLabel : null);
            var (left, top) = (area.Left + (column * panelWidth), area.Top + (row * panelHeight));
            // The first drawing of a plot, which settles its layout, goes over the picture twice, and a document would hold everything twice.
            plot.RenderInMemory(Math.Max(1, (int)panelWidth), Math.Max(1, (int)panelHeight));
            plot.Render(canvas, new PixelRect(left, left + panelWidth, top + panelHeight, top));
        }
    }
}
