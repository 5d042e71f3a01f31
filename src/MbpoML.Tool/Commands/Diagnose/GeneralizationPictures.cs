using System.Globalization;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Experiments.Reports;
using MbpoML.Plotting;
using MbpoML.Theory;
using MbpoML.Tool.Display;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>What a study of the model's generalization looks like: the talk's two pictures, and their numbers.</summary>
/// <param name="task">The task that the titles name.</param>
/// <param name="studies">One for each run, all of the same sizes.</param>
/// <param name="largestShift">Up to which lines are fitted.</param>
/// <param name="discount">γ of the runs; null where they differ, and no rollout length is recommended.</param>
internal sealed class GeneralizationPictures(string task, IReadOnlyList<IReadOnlyList<GeneralizationCurve>> studies, double largestShift, double? discount)
{
    // The shift at which the table says whether and how far the model is to be trusted.
    private const double TableShift = 0.1;

    private IEnumerable<(int Size, IReadOnlyList<GeneralizationCurve> Curves)> BySize =>
        studies[0].Select((curve, index) => (curve.TrainingSize, (IReadOnlyList<GeneralizationCurve>)[.. studies.Select(study => study[index])]));

    /// <summary>Whether enough policies of each run are near enough for lines; all sizes of a run have the same policies.</summary>
    public bool HasLines => studies.All(study => study[0].HasLine(largestShift));

    /// <summary>All points, a shape of marker for each run, and the lines where there are enough of them.</summary>
    public SeriesPlot ErrorAgainstShift()
    {
        var plot = new SeriesPlot
        {
            Title = $"{task}: the model's error as the policy moves away from the data",
            XLabel = "policy shift ε_π",
            YLabel = "model error ε_m'",
            IsOrdered = true,
            YMinimum = 0
        };
        if (studies.Count > 1) plot.Note = $"{studies.Count} runs, a shape of marker each; lines are the means of theirs";
        foreach (var ((size, curves), index) in BySize.Select((group, index) => (group, index)))
        {
            foreach (var (curve, run) in curves.Select((curve, run) => (curve, run)))
            {
                var (shifts, errors) = (curve.Points.Select(point => point.Shift.MeanTotalVariation).ToArray(),
                    curve.Points.Select(point => point.Error.MeanTotalVariation).ToArray());
                plot.Add(
                    new PlotSeries(string.Create(CultureInfo.InvariantCulture, $"{size:N0} transitions"), shifts, errors, style: SeriesStyle.Points,
                        group: index)
                    { Marker = run, InLegend = run == 0 });
            }

            if (!HasLines) continue;
            var line = Mean(Lines(curves));
            double[] ends = [0, Math.Min(largestShift, curves.Max(curve => curve.Points.Max(point => point.Shift.MeanTotalVariation)))];
            plot.Add(
                new PlotSeries(string.Create(CultureInfo.InvariantCulture, $"{size:N0} transitions, line"), ends,
                    [.. ends.Select(shift => line.ErrorOnData + (shift * line.Slope))], group: index)
                { InLegend = false });
        }

        return plot;
    }

    /// <summary>ε_m and slope against the amount of data.</summary>
    public SeriesPlot SlopeAgainstSize()
    {
        var plot = new SeriesPlot
        {
            Title = $"{task}: the model's error on its data, and its slope",
            XLabel = "transitions that the model was fitted to",
            YLabel = "total variation",
            LogX = true
        };
        plot.Add(Against("slope dε_m'/dε_π", line => line.Slope));
        plot.Add(Against("error on the data ε_m", line => line.ErrorOnData));
        return plot;
    }

    /// <summary>The same in numbers.</summary>
    public PlainTable Table()
    {
        var table = new PlainTable("transitions", "error on the data", "its deviation", "slope", "its deviation", $"trusted at a shift of {Short(TableShift)}",
            "best rollout length there");
        foreach (var (size, curves) in BySize)
        {
            var lines = Lines(curves);
            var mean = Mean(lines);
            var error = mean.ErrorAt(TableShift);
            table.AddRow(
                size.ToString("N0", CultureInfo.InvariantCulture), RunSpread.Number(mean.ErrorOnData),
                RunSpread.Text([.. lines.Select(line => line.ErrorOnData)]), RunSpread.Number(mean.Slope),
                RunSpread.Text([.. lines.Select(line => line.Slope)]), error < TableShift ? "yes" : "no", discount is { } known
                    ? Invariant($"{OptimalRolloutLength.Of(error, TableShift, known)}") : RunSpread.None);
        }

        return table;
    }

    private PlotSeries Against(string name, Func<ModelGeneralization, double> part)
    {
        var values = BySize.Select(group => Lines(group.Curves).Select(part).ToArray()).ToArray();
        return new PlotSeries(
            name, [.. BySize.Select(group => (double)group.Size)], [.. values.Select(seeds => seeds.Average())], studies.Count > 1
                ? [.. values.Select(seeds => SeedSpread.Deviation(seeds))] : null,
            SeriesStyle.LineAndPoints);
    }

    private ModelGeneralization[] Lines(IReadOnlyList<GeneralizationCurve> curves) => [.. curves.Select(curve => curve.Fit(largestShift))];

    // Of the runs' lines: their points together would mix differences between runs into the slope.
    private static ModelGeneralization Mean(ModelGeneralization[] lines) => new(lines.Average(line => line.ErrorOnData), lines.Average(line => line.Slope));

    private static string Short(double value) => value.ToString(CultureInfo.InvariantCulture);
}
