using System.CommandLine;
using System.Globalization;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Experiments.Evaluations;
using MbpoML.Planning;
using MbpoML.Tool.Tasks;
using MbpoML.Tool.Video;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>The command <c>mbpo diagnose imagine</c>: a film of an episode beside what the latent model imagines of it.</summary>
internal sealed class ImagineCommand
{
    private readonly Argument<string> _run = new("run") { Description = "The folder of a run of PlaNet." };
    private readonly Option<string> _out = new("--out")
    {
        Description = "The film: .gif or .webp, or .png for a numbered picture of each frame.",
        DefaultValueFactory = _ => "imagined.gif",
    };

    private readonly Option<int> _seen = DiagnoseCommand.Number("--seen", 5, "Frames that the model sees before it imagines, at least 1.");
    private readonly Option<int> _steps = DiagnoseCommand.Number("--steps", 50, "Steps of the episode; fewer where it ends before.");
    private readonly Option<int> _rate = DiagnoseCommand.Number("--fps", 10, "Frames a second, 1 to 50.");
    private readonly Option<int> _seed = DiagnoseCommand.Number("--seed", 0, "Determines the start and the draws.");
    private readonly Option<string?> _environment = EnvironmentOption.Create();

    public static Command Create(ToolConsole console)
    {
        var parts = new ImagineCommand();
        var command = new Command("imagine", "A film of one episode, left, and of what the latent model imagines of it after a few frames, right.")
        {
            parts._run, parts._out, parts._seen, parts._steps, parts._rate, parts._seed, parts._environment,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var file = parsed.GetValue(_out)!;
        if (!PictureFile.Endings.Contains(Path.GetExtension(file)))
            throw new UsageException($"--out is '{file}', but a film's name ends with one of {string.Join(", ", PictureFile.Endings)}.");
        var rate = parsed.GetValue(_rate);
        if (rate is < 1 or > 50) throw new UsageException(Invariant($"--fps is {rate}, but must be from 1 to 50."));
        using var run = OpenedRun.Newest(RunFolders.Existing(parsed.GetValue(_run)!), TaskList.Catalog, parsed.GetValue(_environment));
        using var planner = DiagnoseCommand.Ask(() => LatentPlanningTransformer.Of(run.Snapshot.Policy));
        var prediction = DiagnoseCommand.Ask(() => new MLContext(run.Options.Seed).Reinforcement().Diagnostics.OpenLoop(
            planner, run.Environment, parsed.GetValue(_seen), parsed.GetValue(_steps), parsed.GetValue(_seed)));
        var (frames, width, height) = SideBySide.Of(prediction);
        var files = PictureFile.Write(file, frames, width, height, rate);
        console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Options.Task.Name} after {run.Snapshot.Step} steps of training: {Errors(prediction)}; " +
                $"wrote {(files.Count == 1 ? files[0] : $"{files[0]} to {files[^1]}")}, {frames.Count} frames"));
        return ExitCodes.Success;
    }

    private static string Errors(OpenLoopPrediction prediction) => prediction.ErrorsOfImagined.Count == 0
        ? "the episode ended before anything was imagined"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"imagined frames differ from what happened by {prediction.ErrorsOfImagined.Average():F1} of 255, the last frame seen by " +
                $"{prediction.ErrorsOfRepeated.Average():F1}");
}
