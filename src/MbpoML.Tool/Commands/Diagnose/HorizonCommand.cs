using System.CommandLine;
using System.Globalization;
using MbpoML.Evaluation;
using MbpoML.Plotting;
using MbpoML.Tool.Reports;
using MbpoML.Tool.Runs;
using Microsoft.ML;
using Spectre.Console;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>The command <c>mbpo diagnose horizon</c>: how the model's error grows with the number of imagined steps.</summary>
internal sealed class HorizonCommand
{
    private static readonly int[] Told = [1, 2, 5, 10, 20, 50, 100, 200];

    private readonly Argument<string[]> _runs = DiagnoseCommand.Runs();
    private readonly Option<int> _horizon = DiagnoseCommand.Number("--horizon", 50, "Imagined steps, at most the length of an episode.");
    private readonly Option<int> _starts = DiagnoseCommand.Number("--starts", 200, "Places on real episodes from which they are imagined.");
    private readonly Option<int> _samples = DiagnoseCommand.Number("--samples", 20, "Replays from each, at least 2.");
    private readonly Option<int> _seed = DiagnoseCommand.Number("--seed", 0, "Determines episodes, places and draws.");
    private readonly PictureOption _out = new("horizon.png");

    public static Command Create(ToolConsole console)
    {
        var parts = new HorizonCommand();
        var command = new Command("horizon", "The model's error after 1, 2, ... imagined steps, and how unsure the model is of them; mean over several runs.")
        {
            parts._runs, parts._horizon, parts._starts, parts._samples, parts._seed, parts._out.Option,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var file = _out.Read(parsed);
        var folders = RunFolder.OfOneTask(parsed.GetValue(_runs)!);
        HorizonError[] errors = [.. folders.Select(folder => Measure(folder, parsed))];
        double[] steps = [.. Enumerable.Range(1, errors[0].Error.Count).Select(step => (double)step)];
        var (error, spread) = (errors.Select(one => one.Error).ToArray(), errors.Select(one => one.Spread).ToArray());
        var plot = new SeriesPlot
        {
            Title = $"{RunOptions.Read(folders[0].Options).Task.Name}: growth of the model's error",
            XLabel = "imagined steps",
            YLabel = "standard deviations of the states",
            Reference = Math.Sqrt(2),
            ReferenceLabel = "two unrelated states",
            YMinimum = 0,
        };
        plot.Add(new PlotSeries("error", steps, SeedSpread.Mean(error), SeedSpread.Deviation(error)));
        plot.Add(new PlotSeries("spread: how unsure the model is", steps, SeedSpread.Mean(spread), SeedSpread.Deviation(spread), SeriesStyle.Dashed));
        PictureOption.Save(plot, file, console);

        var table = new Table().Border(TableBorder.Simple).AddColumns("imagined steps", "error", "sd", "spread", "sd");
        foreach (var step in Told.Where(step => step <= steps.Length))
            table.AddRow([$"{step}", .. Cells(error, step), .. Cells(spread, step)]);
        console.Rich.Write(table);
        return ExitCodes.Success;
    }

    private HorizonError Measure(RunFolder folder, ParseResult parsed)
    {
        using var run = OpenedRun.Newest(folder);
        return DiagnoseCommand.Ask(() => new MLContext(run.Options.Seed).Reinforcement().Diagnostics.GrowthOfError(
            run.Model, run.Environment, run.Snapshot.Policy, parsed.GetValue(_horizon), parsed.GetValue(_starts), parsed.GetValue(_samples), parsed.GetValue(_seed)));
    }

    private static string[] Cells(IReadOnlyList<double>[] runs, int step)
    {
        double[] values = [.. runs.Select(run => run[step - 1])];
        return [values.Average().ToString("F3", CultureInfo.InvariantCulture), SeedSpread.Deviation(values).ToString("F3", CultureInfo.InvariantCulture)];
    }
}
