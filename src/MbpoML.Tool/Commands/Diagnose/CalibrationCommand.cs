using System.CommandLine;
using System.Globalization;
using MbpoML.Acting;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Experiments.Evaluations;
using MbpoML.Experiments.Reports;
using MbpoML.Plotting;
using MbpoML.Tool.Tasks;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>The command <c>mbpo diagnose calibration</c>: does the model know how uncertain it is after one step?</summary>
internal sealed class CalibrationCommand
{
    private readonly Argument<string[]> _runs = DiagnoseCommand.Runs();
    private readonly Option<int> _transitions = DiagnoseCommand.Number("--transitions", 5000, "Fresh transitions of the policy, which the model has not seen.");
    private readonly Option<int> _seed = DiagnoseCommand.Number("--seed", 0, "Determines the episodes and actions.");
    private readonly Option<string?> _environment = EnvironmentOption.Create();
    private readonly PictureOption _out = new("calibration.png");

    public static Command Create(ToolConsole console)
    {
        var parts = new CalibrationCommand();
        var command = new Command(
            "calibration", "The share of what really happens after one step that lies inside the model's central intervals; mean over several runs.")
        {
            parts._runs, parts._transitions, parts._seed, parts._environment, parts._out.Option,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var file = _out.Read(parsed);
        var (transitions, seed) = (parsed.AtLeast(1, _transitions), parsed.GetValue(_seed));
        var folders = RunFolders.OfOneTask(parsed.GetValue(_runs)!, TaskList.Catalog);
        ModelCalibration[] measured = [.. folders.Select(folder => Measure(folder, parsed.GetValue(_environment), transitions, seed))];
        var levels = measured[0].Levels;
        var all = measured.Select(one => one.Coverage).ToArray();
        var rewards = measured.Select(one => one.CoverageOfOutputs[0]).ToArray();
        var plot = new SeriesPlot
        {
            Title = $"{RunOptions.Read(folders[0].Options, TaskList.Catalog).Task.Name}: calibration after one step",
            XLabel = "central interval of the model",
            YLabel = "share of what happened inside it",
            ShowsDiagonal = true,
            DiagonalLabel = "calibrated",
            YMinimum = 0,
            YMaximum = 1,
        };
        plot.Add(new PlotSeries("reward and observations", levels, SeedSpread.Mean(all), SeedSpread.Deviation(all)));
        plot.Add(new PlotSeries("reward alone", levels, SeedSpread.Mean(rewards), style: SeriesStyle.Dashed));
        PictureOption.Save(plot, file, console);
        console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"calibration error {measured.Average(one => one.Error):F3} (sd {RunSpread.Text([.. measured.Select(one => one.Error)])}) over " +
                $"{measured.Length} runs: the mean of |share - level| over {levels.Count} levels"));
        return ExitCodes.Success;
    }

    private static ModelCalibration Measure(RunFolder folder, string? environment, int transitions, int seed)
    {
        using var run = OpenedRun.Newest(folder, TaskList.Catalog, environment);
        using var generator = new Generator((ulong)Numerics.Random.Seeds.Derive(seed, "calibration"), CPU);
        var rl = new MLContext(run.Options.Seed).Reinforcement();
        using var actor = ((IPolicy)run.Snapshot.Policy).NewActor();
        actor.Begin(rows: 1);
        var data = rl.Data.Record(run.Environment, transitions, (observation, action) => actor.Act(observation, action, generator),
            Numerics.Random.Seeds.Derive(seed, "calibration-data"));
        return rl.Diagnostics.Calibration(run.Model, data);
    }
}
