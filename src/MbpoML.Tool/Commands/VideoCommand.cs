using System.CommandLine;
using System.Globalization;
using MbpoML.Experiments.Evaluations;
using MbpoML.Experiments.Tasks;
using MbpoML.Tool.Tasks;
using MbpoML.Tool.Video;
using Microsoft.ML;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo video</c>.</summary>
internal sealed class VideoCommand
{
    // Fewer or more pixels than the renderer can draw.
    private const int LeastPixels = 16;
    private const int MostPixels = 4096;
    private const int SeedOffset = 1000;

    private readonly Argument<string> _run = new("run") { Description = "The folder of a run on a task that can be drawn, as all that come along can." };
    private readonly Option<string> _out = new("--out")
    {
        Description = "The film: .gif or .webp, or .png for a numbered picture of each frame.",
        DefaultValueFactory = _ => "episode.gif",
    };

    private readonly Option<int?> _seed = new("--seed") { Description = "Determines the start of the episode. Default: 1000 + the run's seed." };
    private readonly Option<int> _steps = new("--steps") { Description = "The most steps to show.", DefaultValueFactory = _ => 1000 };
    private readonly Option<int> _width = new("--width") { Description = "Pixels a row.", DefaultValueFactory = _ => 400 };
    private readonly Option<int> _height = new("--height") { Description = "Rows of pixels.", DefaultValueFactory = _ => 300 };
    private readonly Option<int> _rate =
        new("--fps")
        {
            Description = "Frames a second, 1 to 50. A MuJoCo task is shown at its own speed, any other one frame a step.",
            DefaultValueFactory = _ => 25,
        };

    private readonly Option<string?> _environment = EnvironmentOption.Create();

    public static Command Create(ToolConsole console)
    {
        var parts = new VideoCommand();
        var command = new Command("video", "Films an episode of a trained policy, without a display.") { parts._run, parts._out, parts._seed, parts._steps,
            parts._width, parts._height, parts._rate, parts._environment };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var file = parsed.GetValue(_out)!;
        if (!PictureFile.Endings.Contains(Path.GetExtension(file)))
            throw new UsageException($"--out is '{file}', but a film's name ends with one of {string.Join(", ", PictureFile.Endings)}.");
        var (width, height) = (Within(_width, LeastPixels, MostPixels, parsed), Within(_height, LeastPixels, MostPixels, parsed));
        var (steps, rate) = (Within(_steps, 1, int.MaxValue, parsed), Within(_rate, 1, 50, parsed));
        var folder = RunFolders.Existing(parsed.GetValue(_run)!);
        var options = RunOptions.Read(folder.Options, TaskList.Catalog);
        if (parsed.GetValue(_environment) is { } own) options = options.In(TaskCatalog.Load(own, options.Task.Name, options.Task.TimeLimit));
        using var environment = options.Task.Create();
        var camera = Camera.Of(environment, width, height) ?? throw new UsageException(
            $"{options.Task.Name} has no pictures: an environment that can be filmed is a MuJoCo task or implements IDrawableEnvironment.");
        var duration = camera.StepDuration ?? 1.0 / rate;
        var stepsPerFrame = Math.Max(1, (int)Math.Round(1 / (rate * duration)));
        using var filmed = new FilmedEnvironment(environment, camera, steps, stepsPerFrame);
        using var trained = TrainedPolicy.Of(folder, TaskList.Catalog, parsed.GetValue(_environment));
        var episode = new MLContext(options.Seed).Reinforcement()
            .Evaluate(trained.Policy, filmed, episodes: 1, parsed.GetValue(_seed) ?? SeedOffset + options.Seed, steps).Episodes[0];
        var files = PictureFile.Write(file, filmed.Frames, width, height, 1 / (stepsPerFrame * duration));
        console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Task.Name} after {trained.Steps} steps of training: return {episode.Return:F1} in {episode.Length} steps; " +
            $"wrote {(files.Count == 1 ? files[0] : $"{files[0]} to {files[^1]}")}, {filmed.Frames.Count} frames"));
        return ExitCodes.Success;
    }

    private static int Within(Option<int> option, int least, int most, ParseResult parsed) =>
        parsed.GetValue(option) is var value && value >= least && value <= most
            ? value
            : throw new UsageException(
                Invariant($"{option.Name} is {value}, but must be ") +
                    Invariant($"{(most == int.MaxValue ? Invariant($"at least {least}") : Invariant($"from {least} to {most}"))}."));
}
