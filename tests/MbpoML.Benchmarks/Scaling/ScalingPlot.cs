using System.Globalization;
using MbpoML.Plotting;
using ScottPlot;
using ScottPlot.MultiplotLayouts;
using ScottPlot.TickGenerators;

namespace MbpoML.Benchmarks.Scaling;

/// <summary>
/// One panel for each size that grows, both axes logarithmic: a stage that takes twice the time for twice the size rises by as much as it goes right.
/// </summary>
internal static class ScalingPlot
{
    private const int PanelWidth = 480;
    private const int Height = 480;
    private const float LineWidth = 2.5f;

    // Blue, vermilion and green of Okabe and Ito, as in the learning curves.
    private static readonly string[] StageColors = ["#0072B2", "#D55E00", "#009E73"];

    public static void SavePng(string path, IReadOnlyList<ScalingPoint> points)
    {
        EmbeddedFont.Register();
        var stages = points.Select(point => point.Stage).Distinct().ToArray();
        var axes = points.GroupBy(point => point.Axis).ToArray();
        var panels = new Multiplot { Layout = new Columns() };
        panels.AddPlots(axes.Length);
        var (low, high) = (points.Min(point => point.Seconds) / 1.5, points.Max(point => point.Seconds) * 1.5);
        for (var index = 0; index < axes.Length; index++)
            Draw(panels.GetPlot(index), [.. axes[index]], stages, (Math.Log10(low), Math.Log10(high)));
        // The first panel rises to the right: below its lines is room for all names.
        ShowLegend(panels.GetPlot(0), points.Select(point => (point.Stage, point.Threads)).Distinct().Order(), stages);
        panels.SavePng(path, PanelWidth * axes.Length, Height);
    }

    private static void Draw(Plot plot, ScalingPoint[] points, string[] stages, (double Low, double High) seconds)
    {
        foreach (var curve in points.GroupBy(point => (point.Stage, point.Threads)))
        {
            var line = plot.Add.Scatter(
                curve.Select(point => Math.Log10(point.Value)).ToArray(), curve.Select(point => Math.Log10(point.Seconds)).ToArray(),
                ColorOf(curve.Key.Stage, stages));
            line.LineWidth = LineWidth;
            line.MarkerSize = 7;
            line.LinePattern = PatternOf(curve.Key.Threads);
        }

        plot.XLabel(points[0].Axis, size: 15);
        plot.YLabel("seconds per 1000 environment steps", size: 15);
        plot.Axes.Bottom.TickGenerator = Ticks(points.Select(point => (double)point.Value).Distinct());
        plot.Axes.Left.TickGenerator = Ticks(new[] { 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000 });
        plot.Axes.SetLimitsY(seconds.Low, seconds.High);
        plot.Font.Set(EmbeddedFont.Name);
    }

    private static void ShowLegend(Plot plot, IEnumerable<(string Stage, int Threads)> curves, string[] stages)
    {
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.FontName = EmbeddedFont.Name;
        plot.ShowLegend(
            curves.Select(curve => new LegendItem
            {
                LabelText = curve.Threads == 1 ? $"{curve.Stage}, 1 thread" : $"{curve.Stage}, {curve.Threads} threads",
                LineColor = ColorOf(curve.Stage, stages),
                LineWidth = LineWidth,
                LinePattern = PatternOf(curve.Threads),
            }),
            Alignment.LowerRight);
    }

    private static Color ColorOf(string stage, string[] stages) => Color.FromHex(StageColors[Array.IndexOf(stages, stage)]);

    private static LinePattern PatternOf(int threads) => threads == 1 ? LinePattern.Dotted : LinePattern.Solid;

    private static NumericManual Ticks(IEnumerable<double> values)
    {
        var ticks = new NumericManual();
        foreach (var value in values) ticks.AddMajor(Math.Log10(value), value.ToString("#,0.###", CultureInfo.InvariantCulture));
        return ticks;
    }
}
