using System.CommandLine;
using System.Globalization;
using MbpoML.Experiments.Evaluations;
using MbpoML.Plotting;
using MbpoML.Tool.Display;
using MbpoML.Tool.Tasks;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>The command <c>mbpo diagnose fan</c>: one real episode beside a thousand replays of its actions in the model.</summary>
internal sealed class FanCommand
{
    private static readonly int[] Told = [1, 2, 5, 10, 20, 50, 100, 200, 450];

    private readonly Argument<string> _run = new("run") { Description = "The folder of a run." };
    private readonly Option<int> _steps = DiagnoseCommand.Number("--steps", 450, "Steps of the episode; fewer where it ends before.");
    private readonly Option<int> _samples = DiagnoseCommand.Number("--samples", 1000, "Replays, at least 2.");
    private readonly Option<int> _seed = DiagnoseCommand.Number("--seed", 0, "Determines the start and the draws.");
    private readonly Option<string?> _environment = EnvironmentOption.Create();
    private readonly PictureOption _out = new("fan.png");

    public static Command Create(ToolConsole console)
    {
        var parts = new FanCommand();
        var command = new Command("fan",
            "One episode of the policy, and the same actions replayed many times through the model: mean and one standard deviation of each observation.")
        {
            parts._run, parts._steps, parts._samples, parts._seed, parts._environment, parts._out.Option,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var file = _out.Read(parsed);
        using var run = OpenedRun.Newest(RunFolders.Existing(parsed.GetValue(_run)!), TaskList.Catalog, parsed.GetValue(_environment));
        var fan = DiagnoseCommand.Ask(() => new MLContext(run.Options.Seed).Reinforcement().Diagnostics.Fan(
            run.Model, run.Environment, run.Snapshot.Policy, parsed.GetValue(_steps), parsed.GetValue(_samples), parsed.GetValue(_seed)));
        var plot = new FanPlot { Title = Invariant($"{run.Options.Task.Name}: one episode, and {fan.Samples} replays of its actions in the model") };
        foreach (var quantity in fan.Observations.Append(fan.Reward)) plot.Add(quantity.Name, quantity.Actual, quantity.Mean, quantity.StandardDeviation);
        PictureOption.Save(plot, file, console);

        var table = new PlainTable("after steps", "error of the mean, in standard deviations", "dimensions within one standard deviation of the mean");
        foreach (var step in Told.Where(step => step <= fan.Steps))
            table.AddRow(
                Invariant($"{step}"), fan.ErrorAt(step).ToString("F3", CultureInfo.InvariantCulture),
                fan.CoverageAt(step).ToString("P0", CultureInfo.InvariantCulture));
        console.Rich.Write(table);
        return ExitCodes.Success;
    }
}
