using System.Globalization;
using MbpoML.Evaluation;
using MbpoML.Plotting;
using MbpoML.Theory;
using MbpoML.Tool.Reports;
using Spectre.Console;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>What a study of the model's generalization looks like: the talk's two pictures, and their numbers.</summary>
/// <param name="task">For the titles.</param>
/// <param name="studies">One for each run, all of the same sizes.</param>
/// <param name="largestShift">Up to which lines are fitted.</param>
internal sealed class GeneralizationPictures(string task, IReadOnlyList<IReadOnlyList<GeneralizationCurve>> studies, double largestShift)
{
    private IEnumerable<(int Size, IReadOnlyList<GeneralizationCurve> Curves)> BySize =>
        studies[0].Select((curve, index) => (curve.TrainingSize, (IReadOnlyList<GeneralizationCurve>)[.. studies.Select(study => study[index])]));

    /// <summary>Whether enough policies of each run are near enough for lines; all sizes of a run have the same policies.</summary>
    public bool HasLines => studies.All(study => study[0].HasLine(largestShift));

    /// <summary>All points, and the lines where there are enough of them.</summary>
    public SeriesPlot ErrorAgainstShift()
    {
        var plot = new SeriesPlot { Title = $"{task}: the model's error as the policy moves away from the data", XLabel = "policy shift ε_π", YLabel = "model error ε_m'", IsOrdered = true, YMinimum = 0 };
        foreach (var ((size, curves), index) in BySize.Select((group, index) => (group, index)))
        {
            GeneralizationPoint[] points = [.. curves.SelectMany(curve => curve.Points)];
            plot.Add(new PlotSeries(
                $"{size:N0} transitions", [.. points.Select(point => point.Shift.MeanTotalVariation)], [.. points.Select(point => point.Error.MeanTotalVariation)], style: SeriesStyle.Points, group: index));
            if (!HasLines) continue;
            // The mean of the seeds' lines: their points together would mix differences between seeds into the slope.
            var lines = Lines(curves);
            var line = new ModelGeneralization(lines.Average(one => one.ErrorOnData), lines.Average(one => one.Slope));
            double[] ends = [0, Math.Min(largestShift, points.Max(point => point.Shift.MeanTotalVariation))];
            plot.Add(new PlotSeries($"{size:N0} transitions, line", ends, [.. ends.Select(line.ErrorAt)], group: index) { InLegend = false });
        }

        return plot;
    }

    public SeriesPlot SlopeAgainstSize()
    {
        var plot = new SeriesPlot { Title = $"{task}: offset and slope of the model's error", XLabel = "transitions that the model was fitted to", YLabel = "total variation", LogX = true };
        plot.Add(Against("slope dε_m'/dε_π", line => line.Slope));
        plot.Add(Against("offset ε_m", line => line.ErrorOnData));
        return plot;
    }

    public Table Table()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("transitions", "offset", "sd", "slope", "sd", "trusted at a shift of 0.1", "best k there");
        foreach (var (size, curves) in BySize)
        {
            var lines = Lines(curves);
            var mean = new ModelGeneralization(lines.Average(line => line.ErrorOnData), lines.Average(line => line.Slope));
            table.AddRow(
                size.ToString("N0", CultureInfo.InvariantCulture), Number(mean.ErrorOnData), Number(SeedSpread.Deviation([.. lines.Select(line => line.ErrorOnData)])), Number(mean.Slope),
                Number(SeedSpread.Deviation([.. lines.Select(line => line.Slope)])), mean.ErrorAt(0.1) < 0.1 ? "yes" : "no", $"{OptimalRolloutLength.Of(mean.ErrorAt(0.1), 0.1, 0.99)}");
        }

        return table;
    }

    private PlotSeries Against(string name, Func<ModelGeneralization, double> part)
    {
        var values = BySize.Select(group => Lines(group.Curves).Select(part).ToArray()).ToArray();
        return new PlotSeries(
            name, [.. BySize.Select(group => (double)group.Size)], [.. values.Select(seeds => seeds.Average())], studies.Count > 1 ? [.. values.Select(seeds => SeedSpread.Deviation(seeds))] : null,
            SeriesStyle.LineAndPoints);
    }

    private ModelGeneralization[] Lines(IReadOnlyList<GeneralizationCurve> curves) => [.. curves.Select(curve => curve.Fit(largestShift))];

    private static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
