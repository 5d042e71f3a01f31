using ScottPlot;
using ScottPlot.TickGenerators;

namespace MbpoML.Plotting;

/// <summary>One quantity of a <see cref="FanPlot"/>.</summary>
internal sealed record FanPanel(string Name, double[] Actual, double[] Mean, double[] Deviation)
{
    private const float LabelText = 13;
    private const float NumberText = 12;
    private const float TitleText = 14;

    // Of the span of what happened, how much the axis shows below and above it at most: with its own share three times the span.
    private const double Around = 1;

    // A quantity that hardly moves still has a span: this share of its size.
    private const double LeastSpan = 0.1;

    // Further out than this many spans lines are cut off; the drawing library reckons in single precision.
    private const double Far = 1000;

    /// <summary>The colour of what was imagined.</summary>
    public static Color ImaginedColor => PlotStyle.ColorOf(0);

    /// <summary>The colour of what happened.</summary>
    public static Color ActualColor => Colors.Black;

    /// <summary>Draws the panel.</summary>
    /// <param name="stepLabel">The label of the horizontal axis; none when null.</param>
    /// <returns>What the caller disposes of.</returns>
    public Plot Draw(string? stepLabel)
    {
        var plot = PlotStyle.NewPlot();
        var (low, high) = (Actual.Min(), Actual.Max());
        var span = Math.Max(high - low, LeastSpan * Actual.Max(Math.Abs));
        if (span == 0) span = 1;
        double Cut(double value) => Math.Clamp(value, low - (Far * span), high + (Far * span));

        var finite = Mean.Zip(Deviation).TakeWhile(pair => double.IsFinite(pair.First) && double.IsFinite(pair.Second)).ToArray();
        double[] below = [.. finite.Select(pair => Cut(pair.First - pair.Second))], above = [.. finite.Select(pair => Cut(pair.First + pair.Second))];
        if (finite.Length > 0)
        {
            PlotStyle.AddBand(plot, Steps(finite.Length), below, above, ImaginedColor);
            PlotStyle.AddLine(plot, Steps(finite.Length), [.. finite.Select(pair => Cut(pair.First))], ImaginedColor, LinePattern.Solid);
        }

        PlotStyle.AddLine(plot, Steps(Actual.Length), Actual, ActualColor, LinePattern.Solid).LineWidth = 1.5f;
        plot.Axes.AutoScale();
        var needed = plot.Axes.GetLimits();
        plot.Axes.SetLimitsY(Math.Max(needed.Bottom, low - (Around * span)), Math.Min(needed.Top, high + (Around * span)));
        plot.Title(Name, size: TitleText);
        if (stepLabel is not null) plot.XLabel(stepLabel, size: LabelText);
        plot.Axes.Bottom.TickLabelStyle.FontSize = NumberText;
        plot.Axes.Left.TickLabelStyle.FontSize = NumberText;
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true };
        plot.HideLegend();
        // All panels are drawn on one canvas.
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.Font.Set(EmbeddedFont.Name);
        return plot;
    }

    private static double[] Steps(int count) => [.. Enumerable.Range(0, count).Select(step => (double)step)];
}
