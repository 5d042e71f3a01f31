using System.Globalization;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Experiments.Reports;
using MbpoML.Plotting;
using MbpoML.Tool.Display;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>What the growth of the model's error looks like, over several runs, and its numbers: up to where a model leaves the range of numbers.</summary>
internal sealed class HorizonPicture
{
    private static readonly int[] Told = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    private readonly string _task;
    private readonly IReadOnlyList<(string Run, HorizonError Error)> _runs;
    private readonly int _steps;

    /// <param name="task">The task that the title names.</param>
    /// <param name="runs">At least one, all of the same horizon.</param>
    /// <exception cref="RunDataException">A model leaves the range of numbers at the first step.</exception>
    public HorizonPicture(string task, IReadOnlyList<(string Run, HorizonError Error)> runs)
    {
        (_task, _runs, _steps) = (task, runs, runs.Min(run => FiniteSteps(run.Error)));
        if (_steps == 0)
            throw new RunDataException(
                $"'{runs.First(run => FiniteSteps(run.Error) == 0).Run}': what the model imagines leaves the range of numbers at the first step; there is " +
                    "nothing to draw.");
    }

    /// <summary>What the picture leaves out, a line each.</summary>
    public IEnumerable<string> Remarks
    {
        get
        {
            foreach (var (run, error) in _runs.Where(run => FiniteSteps(run.Error) < run.Error.Error.Count))
                yield return Invariant($"'{run}': what the model imagines leaves the range of numbers after {FiniteSteps(error)} steps; drawn up to step ") +
                    Invariant($"{_steps}.");
            var zeros = Runs(one => one.Error).Concat(Runs(one => one.Spread)).Sum(values => values.Count(value => value == 0));
            if (zeros > 0) yield return Invariant($"{zeros} points of error or spread are 0 and left out, as a logarithmic axis has no place for them.");
        }
    }

    /// <summary>
    /// Error and spread against the number of steps: their means over runs and, as thin lines, those of each run. The axis is logarithmic, because what matters
    /// is by how many times an error grows; a band of one deviation to either side would reach below 0 there.
    /// </summary>
    /// <exception cref="RunDataException">All of it is 0.</exception>
    public SeriesPlot Draw()
    {
        var plot = new SeriesPlot
        {
            Title = $"{_task}: growth of the model's error",
            XLabel = "imagined steps",
            YLabel = "standard deviations of the states",
            LogY = true,
            Reference = 1,
            ReferenceLabel = "states unrelated to the truth",
            Note = Note,
        };
        Add(plot, "error of the model's mean", one => one.Error, SeriesStyle.Line, group: 0);
        Add(plot, "spread: how unsure the model is", one => one.Spread, SeriesStyle.Dashed, group: 1);
        return plot.Series.Count > 0 ? plot : throw new RunDataException("Error and spread are 0 at every step; there is nothing to draw.");
    }

    /// <summary>What the table has beside what is drawn: of each run the shares of <see cref="HorizonError"/>, at the horizon.</summary>
    public IReadOnlyList<PlotSeries> Shares =>
    [
        .. _runs.SelectMany(run => (PlotSeries[])
        [
            Share("share of places with a horizon of steps after them", run.Run, run.Error, run.Error.UsableShare),
            Share("share of places before a termination within the horizon", run.Run, run.Error, run.Error.TerminatedShare),
        ]),
    ];

    /// <summary>Tells which places the picture shows, and how many it leaves out.</summary>
    public string PlacesNote => string.Create(
        CultureInfo.InvariantCulture,
        $"{_runs.Average(run => run.Error.UsableShare):P0} of all places have {_runs[0].Error.Error.Count} more steps and count, " +
            $"{_runs.Average(run => run.Error.TerminatedShare):P0} lie before a termination");

    private string Note => _runs.Count > 1 ? $"means of {_runs.Count} runs (thin); {PlacesNote}" : PlacesNote;

    /// <summary>Some of the numbers.</summary>
    public PlainTable Table()
    {
        var table = new PlainTable("imagined steps", "error of the mean", "its deviation", "spread", "its deviation");
        foreach (var step in Told.Where(step => step <= _steps))
            table.AddRow([Invariant($"{step}"), .. Cells(one => one.Error, step), .. Cells(one => one.Spread, step)]);
        return table;
    }

    private void Add(SeriesPlot plot, string name, Func<HorizonError, IReadOnlyList<double>> part, SeriesStyle style, int group)
    {
        var values = Runs(part);
        if (values.Length > 1)
            foreach (var (one, run) in values.Zip(_runs.Select(run => run.Run))) AddPositive(plot, $"{name}, {run}", one, SeriesStyle.Thin, group);
        AddPositive(plot, name, SeedSpread.Mean(values), style, group);
    }

    private static void AddPositive(SeriesPlot plot, string name, double[] values, SeriesStyle style, int group)
    {
        int[] drawn = [.. Enumerable.Range(0, values.Length).Where(step => values[step] > 0)];
        if (drawn.Length > 0)
            plot.Add(
                new PlotSeries(name, [.. drawn.Select(step => step + 1.0)], [.. drawn.Select(step => values[step])], style: style,
                    group: group)
                { InLegend = style != SeriesStyle.Thin });
    }

    private PlotSeries Share(string name, string run, HorizonError error, double share) =>
        new(_runs.Count > 1 ? $"{name}, {run}" : name, [error.Error.Count], [share]);

    private double[][] Runs(Func<HorizonError, IReadOnlyList<double>> part) => [.. _runs.Select(run => part(run.Error).Take(_steps).ToArray())];

    private string[] Cells(Func<HorizonError, IReadOnlyList<double>> part, int step)
    {
        double[] values = [.. Runs(part).Select(run => run[step - 1])];
        return [RunSpread.Number(values.Average()), RunSpread.Text(values)];
    }

    private static int FiniteSteps(HorizonError error) =>
        error.Error.Zip(error.Spread).TakeWhile(pair => double.IsFinite(pair.First) && double.IsFinite(pair.Second)).Count();
}
