using System.CommandLine;
using System.Globalization;
using MbpoML.Evaluation;
using MbpoML.Plotting;
using MbpoML.Tool.Runs;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>The command <c>mbpo diagnose returns</c>: what the model promises, beside what the environment gives.</summary>
internal sealed class ReturnsCommand
{
    private readonly Argument<string[]> _runs = DiagnoseCommand.Runs();
    private readonly Option<int> _horizon = DiagnoseCommand.Number("--horizon", 450, "Steps of the rollouts; fewer where the environment's episode ends before.");
    private readonly Option<int> _samples = DiagnoseCommand.Number("--samples", 100, "Imagined rollouts from each start, at least 2.");
    private readonly Option<int> _episodes = DiagnoseCommand.Number("--episodes", 3, "Starts for each checkpoint.");
    private readonly Option<int> _seed = DiagnoseCommand.Number("--seed", 0, "Determines starts and draws.");
    private readonly PictureOption _out = new("returns.png");

    public static Command Create(ToolConsole console)
    {
        var parts = new ReturnsCommand();
        var command = new Command("returns", "Cumulative returns in the model and in the environment at the newest checkpoint of the first run, and, for all checkpoints of all runs, one against the other.")
        {
            parts._runs, parts._horizon, parts._samples, parts._episodes, parts._seed, parts._out.Option,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var file = _out.Read(parsed);
        parsed.AtLeast(1, _episodes);
        var folders = RunFolder.OfOneTask(parsed.GetValue(_runs)!);
        var task = RunOptions.Read(folders[0].Options).Task.Name;
        var all = folders.Select(folder => (folder.Name, Checkpoints: OfCheckpoints(folder, parsed))).ToArray();
        PictureOption.Save(Cumulative(task, all[0].Checkpoints[^1]), file, console);

        ModelReturns[] pairs = [.. all.SelectMany(run => run.Checkpoints).SelectMany(checkpoint => checkpoint.Returns)];
        var comparison = DiagnoseCommand.Ask(() => ReturnComparison.Of([.. pairs.Where(IsFinite)]));
        var note = string.Create(
            CultureInfo.InvariantCulture, $"Pearson r = {comparison.Correlation:F2}, mean excess {comparison.MeanExcess:F1}, {comparison.Actual.Count} episodes of {all.Sum(run => run.Checkpoints.Count)} checkpoints");
        var scatter = new SeriesPlot { Title = $"{task}: what the model promises and what it keeps", XLabel = "return in the environment", YLabel = "mean return in the model", ShowsDiagonal = true, Note = note };
        foreach (var (name, checkpoints) in all)
        {
            ModelReturns[] finite = [.. checkpoints.SelectMany(checkpoint => checkpoint.Returns).Where(IsFinite)];
            if (finite.Length == 0) continue;
            var points = ReturnComparison.Of(finite);
            scatter.Add(new PlotSeries(name, points.Actual, points.Imagined, style: SeriesStyle.Points));
        }

        PictureOption.Save(scatter, PictureOption.With(file, "scatter"), console);
        console.Out.WriteLine(note);
        if (comparison.Actual.Count < pairs.Length) console.Error.WriteLine($"{pairs.Length - comparison.Actual.Count} rollouts left the range of numbers and are left out.");
        return ExitCodes.Success;
    }

    private List<Checkpoint> OfCheckpoints(RunFolder folder, ParseResult parsed)
    {
        var measured = new List<Checkpoint>();
        foreach (var opened in OpenedRun.All(folder))
        {
            using var run = opened;
            // Before the first fit.
            if (!run.Snapshot.HasDynamics) continue;
            var diagnostics = new MLContext(run.Options.Seed).Reinforcement().Diagnostics;
            measured.Add(new Checkpoint(run.Snapshot.Step, [.. Enumerable.Range(0, parsed.GetValue(_episodes)).Select(episode => DiagnoseCommand.Ask(() => diagnostics.Returns(
                run.Model, run.Environment, run.Snapshot.Policy, parsed.GetValue(_horizon), parsed.GetValue(_samples), Numerics.Seeds.Derive(parsed.GetValue(_seed), "returns", episode))))]));
        }

        return measured.Count > 0 ? measured : throw new ToolException($"'{folder.Path}' has no checkpoint with a model.");
    }

    private static SeriesPlot Cumulative(string task, Checkpoint checkpoint)
    {
        var returns = checkpoint.Returns[0];
        var plot = new SeriesPlot { Title = $"{task} at step {checkpoint.Step}: no model exploitation?", XLabel = "steps", YLabel = "sum of rewards" };
        var steps = Enumerable.Range(1, returns.TerminatedInEnvironment ? returns.Imagined[0].Count : returns.Actual.Count).Select(step => (double)step).ToArray();
        foreach (var rollout in returns.Imagined.Where(rollout => rollout.Take(steps.Length).All(double.IsFinite)))
            plot.Add(new PlotSeries("model, single rollouts", steps, [.. rollout.Take(steps.Length)], style: SeriesStyle.Thin, group: 0));
        double[] mean = [.. steps.Select(step => returns.MeanAt((int)step)).TakeWhile(double.IsFinite)];
        if (mean.Length > 0) plot.Add(new PlotSeries("model, mean", steps[..mean.Length], mean, group: 0));
        plot.Add(new PlotSeries("environment", [.. steps.Take(returns.Actual.Count)], returns.Actual, group: 1));
        return plot;
    }

    private static bool IsFinite(ModelReturns returns) => double.IsFinite(returns.Excess);

    private sealed record Checkpoint(int Step, IReadOnlyList<ModelReturns> Returns);
}
