using System.CommandLine;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Experiments.Evaluations;
using MbpoML.Tool.Tasks;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>The command <c>mbpo diagnose horizon</c>: how the model's error grows with the number of imagined steps.</summary>
internal sealed class HorizonCommand
{
    private readonly Argument<string[]> _runs = DiagnoseCommand.Runs();
    private readonly Option<int> _horizon = DiagnoseCommand.Number("--horizon", 50, "Imagined steps, at most the length of an episode.");
    private readonly Option<int> _starts = DiagnoseCommand.Number("--starts", 200, "Places on real episodes from which they are imagined.");
    private readonly Option<int> _samples = DiagnoseCommand.Number("--samples", 20, "Replays from each, at least 2.");
    private readonly Option<int> _seed = DiagnoseCommand.Number("--seed", 0, "Determines episodes, places and draws.");
    private readonly Option<string?> _environment = EnvironmentOption.Create();
    private readonly PictureOption _out = new("horizon.png");

    public static Command Create(ToolConsole console)
    {
        var parts = new HorizonCommand();
        var command = new Command(
            "horizon",
            "The error of the model's mean after 1, 2, ... imagined steps, and how unsure the model is of them, which is as much where it knows what it does " +
                "not know; mean over several runs.")
        {
            parts._runs, parts._horizon, parts._starts, parts._samples, parts._seed, parts._environment, parts._out.Option,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var file = _out.Read(parsed);
        var folders = RunFolders.OfOneTask(parsed.GetValue(_runs)!, TaskList.Catalog);
        var picture = new HorizonPicture(
            RunOptions.Read(folders[0].Options, TaskList.Catalog).Task.Name, [.. folders.Select(folder => (folder.Path, Measure(folder, parsed)))]);
        PictureOption.Save(picture.Draw(), file, console, picture.Shares);
        foreach (var remark in picture.Remarks) console.Error.WriteLine(remark);
        console.Rich.Write(picture.Table());
        console.Out.WriteLine(picture.PlacesNote);
        return ExitCodes.Success;
    }

    private HorizonError Measure(RunFolder folder, ParseResult parsed)
    {
        using var run = OpenedRun.Newest(folder, TaskList.Catalog, parsed.GetValue(_environment));
        return DiagnoseCommand.Ask(() => new MLContext(run.Options.Seed).Reinforcement().Diagnostics.GrowthOfError(
            run.Model, run.Environment, run.Snapshot.Policy, parsed.GetValue(_horizon), parsed.GetValue(_starts), parsed.GetValue(_samples),
            parsed.GetValue(_seed)));
    }
}
