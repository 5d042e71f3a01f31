using ScottPlot;
using SkiaSharp;

namespace MbpoML.Plotting;

/// <summary>What stands around the panels of a <see cref="FanPlot"/>: the heading above and one legend for all below.</summary>
internal static class FanDrawing
{
    private const int TitleHeight = 36;
    private const int LegendHeight = 36;

    /// <summary>The pixels that heading and legend take.</summary>
    public static int Frame(string? title) => LegendHeight + (title is null ? 0 : TitleHeight);

    /// <summary>Draws heading and legend.</summary>
    /// <returns>The area between them.</returns>
    public static PixelRect DrawFrame(SKCanvas canvas, PixelRect picture, string? title, string actualLabel, string imaginedLabel)
    {
        EmbeddedFont.Register();
        using var paint = Paint.NewDisposablePaint();
        var top = picture.Top;
        if (title is not null)
        {
            top += TitleHeight;
            // It has a line to itself; one that is too long is written smaller.
            var size = PlotStyle.TitleText * Math.Min(1, picture.Width / PlotStyle.WidthOf(title, paint));
            var heading = new LabelStyle { Text = title, FontName = EmbeddedFont.Name, FontSize = size, Alignment = Alignment.MiddleCenter };
            heading.Render(canvas, new Pixel(picture.HorizontalCenter, picture.Top + (TitleHeight / 2f)), paint);
        }

        var bottom = picture.Bottom - LegendHeight;
        using var plot = PlotStyle.NewPlot();
        PlotStyle.StyleLegend(plot.Legend);
        plot.Legend.IsVisible = true;
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.Legend.ManualItems.AddRange(
        [
            new LegendItem { LabelText = actualLabel, LineColor = FanPanel.ActualColor, LineWidth = 1.5f },
            new LegendItem { LabelText = imaginedLabel, LineColor = FanPanel.ImaginedColor, LineWidth = PlotStyle.LineWidth,
                FillColor = FanPanel.ImaginedColor.WithAlpha(PlotStyle.BandOpacity) },
        ]);
        plot.Legend.Render(canvas, paint, new PixelRect(picture.Left, picture.Right, picture.Bottom, bottom), Alignment.MiddleCenter);
        return new PixelRect(picture.Left, picture.Right, bottom, top);
    }
}
