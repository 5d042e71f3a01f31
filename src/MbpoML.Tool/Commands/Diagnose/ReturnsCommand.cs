using System.CommandLine;
using MbpoML.Experiments.Evaluations;
using MbpoML.Tool.Tasks;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>The command <c>mbpo diagnose returns</c>: what the model promises, beside what the environment gives.</summary>
internal sealed class ReturnsCommand
{
    private readonly Argument<string[]> _runs = DiagnoseCommand.Runs();
    private readonly Option<int> _horizon = DiagnoseCommand.Number(
        "--horizon", 450, "Steps of the rollouts; fewer where the environment's episode ends before.");
    private readonly Option<int> _samples = DiagnoseCommand.Number("--samples", 100, "Imagined rollouts from each start, at least 2.");
    private readonly Option<int> _episodes = DiagnoseCommand.Number("--episodes", 3, "Starts for each checkpoint.");
    private readonly Option<int> _seed = DiagnoseCommand.Number("--seed", 0, "Determines starts and draws.");
    private readonly Option<string?> _environment = EnvironmentOption.Create();
    private readonly PictureOption _out = new("returns.png");

    public static Command Create(ToolConsole console)
    {
        var parts = new ReturnsCommand();
        var command = new Command(
            "returns",
            "Cumulative returns in the model and in the environment at the newest checkpoint of the first run, and, for all checkpoints of all runs, one " +
                "against the other.")
        {
            parts._runs, parts._horizon, parts._samples, parts._episodes, parts._seed, parts._environment, parts._out.Option,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var file = _out.Read(parsed);
        parsed.AtLeast(1, _episodes);
        var folders = RunFolders.OfOneTask(parsed.GetValue(_runs)!, TaskList.Catalog);
        var task = RunOptions.Read(folders[0].Options, TaskList.Catalog).Task.Name;
        var pictures = new ReturnPictures(task, [.. folders.Select(folder => (folder.Name, OfCheckpoints(folder, parsed)))]);
        PictureOption.Save(pictures.Cumulative(), file, console);
        var scatter = pictures.Scatter();
        PictureOption.Save(scatter, PictureOption.With(file, "scatter"), console);
        console.Out.WriteLine(scatter.Note);
        if (pictures.Remark is { } remark) console.Error.WriteLine(remark);
        return ExitCodes.Success;
    }

    private List<ReturnPictures.Checkpoint> OfCheckpoints(RunFolder folder, ParseResult parsed)
    {
        var measured = new List<ReturnPictures.Checkpoint>();
        foreach (var opened in OpenedRun.All(folder, TaskList.Catalog, parsed.GetValue(_environment)))
        {
            using var run = opened;
            // Before the first fit.
            if (!run.Snapshot.HasDynamics) continue;
            var diagnostics = new MLContext(run.Options.Seed).Reinforcement().Diagnostics;
            measured.Add(new ReturnPictures.Checkpoint(
                run.Snapshot.Step, [.. Enumerable.Range(0, parsed.GetValue(_episodes)).Select(episode => DiagnoseCommand.Ask(() => diagnostics.Returns(
                run.Model, run.Environment, run.Snapshot.Policy, parsed.GetValue(_horizon), parsed.GetValue(_samples),
                Numerics.Random.Seeds.Derive(parsed.GetValue(_seed), "returns", episode),
                run.Termination, run.Reward)))]));
        }

        return measured.Count > 0 ? measured : throw new RunDataException($"'{folder.Path}' has no checkpoint with a model.");
    }
}
