using System.Globalization;
using ScottPlot;

namespace MbpoML.Plotting;

/// <summary>Ticks of an axis that shows decadic logarithms, labelled with the values themselves: 1, 10, 100, 1k.</summary>
/// <param name="values">What the picture shows along a horizontal axis. A few that lie far enough apart have labels of their own, which take the place of round
/// ones; empty for round ones alone.</param>
internal sealed class LogTicks(IReadOnlyList<double> values) : ITickGenerator
{
    // From this many decades on the powers of ten suffice; below, 2 and 5 stand between them; and in less than one decade values are evenly spaced.
    private const double ManyDecades = 2.5;
    private const int MostLabels = 8;
    private const int LabelsWithinDecade = 5;

    // Between two labels, in pixels.
    private const float LabelGap = 8;

    // Logarithms of one value, computed in two ways, are as near.
    private const double SamePlace = 1e-9;

    private static readonly int[] RoundSteps = [1, 2, 5, 10];
    private static readonly int[] OneToNine = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    /// <inheritdoc/>
    public Tick[] Ticks { get; private set; } = [];

    /// <inheritdoc/>
    public int MaxTickCount { get; set; } = 1000;

    /// <inheritdoc/>
    public void Regenerate(CoordinateRange range, Edge edge, PixelLength size, Paint paint, LabelStyle labelStyle)
    {
        var (low, high) = (Math.Min(range.Min, range.Max), Math.Max(range.Min, range.Max));
        Tick[] round = [.. (high - low < 1 ? WithinDecade(low, high) : OfDecades(low, high)).Where(IsInside)];
        Tick[] own = [.. values.Distinct().Order().Select(Major).Where(IsInside)];
        var fit = own.Length <= MostLabels && own.Zip(own.Skip(1)).All(pair => AreApart(pair.First, pair.Second));
        Ticks = [.. (fit ? own.Concat(Beside(own, round, AreApart)) : round).Take(MaxTickCount)];

        bool IsInside(Tick tick) => tick.Position >= low && tick.Position <= high;

        bool AreApart(Tick one, Tick other) =>
            Math.Abs(other.Position - one.Position) / (high - low) * size.Length >= ((WidthOf(one) + WidthOf(other)) / 2) + LabelGap;

        float WidthOf(Tick tick) => labelStyle.Measure(tick.Label, paint).Width;
    }

    // Round ticks around some that are drawn already: one whose label would touch theirs goes without.
    private static IEnumerable<Tick> Beside(Tick[] own, Tick[] round, Func<Tick, Tick, bool> areApart) =>
        round.Where(tick => own.All(one => Math.Abs(one.Position - tick.Position) > SamePlace))
            .Select(tick => tick.IsMajor && !own.All(one => areApart(one, tick)) ? Tick.Minor(tick.Position) : tick);

    private static IEnumerable<Tick> WithinDecade(double low, double high)
    {
        var (from, to) = (Math.Pow(10, low), Math.Pow(10, high));
        var rough = (to - from) / LabelsWithinDecade;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * RoundSteps.First(factor => factor * power >= rough);
        for (var index = 0; index <= LabelsWithinDecade; index++) yield return Major((Math.Ceiling(from / step) + index) * step);
    }

    private static IEnumerable<Tick> OfDecades(double low, double high)
    {
        var every = (int)Math.Ceiling((high - low) / MostLabels);
        for (var decade = (int)Math.Floor(low); decade <= high; decade++)
            foreach (var factor in OneToNine)
            {
                var isMajor = factor == 1 ? decade % every == 0 : factor is 2 or 5 && high - low < ManyDecades;
                // Between decades without a label lines of their parts would only be a grey bar.
                if (isMajor) yield return Major(factor * Math.Pow(10, decade));
                else if (every == 1) yield return Tick.Minor(decade + Math.Log10(factor));
            }
    }

    private static Tick Major(double value) => Tick.Major(Math.Log10(value), Text(value));

    private static string Text(double value) => value switch
    {
        >= 1e9 or < 1e-3 => value.ToString("0.###e0", CultureInfo.InvariantCulture),
        >= 1e6 => $"{Short(value / 1e6)}M",
        >= 1e3 => $"{Short(value / 1e3)}k",
        _ => Short(value),
    };

    private static string Short(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
