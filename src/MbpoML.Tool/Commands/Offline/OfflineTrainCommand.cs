using System.CommandLine;
using System.Globalization;
using MbpoML.Algorithms.Offline;
using MbpoML.Environments;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>The command <c>mbpo offline train</c>.</summary>
internal sealed class OfflineTrainCommand
{
    private readonly LogOptions _log = new();
    private readonly OutputOptions _output = new();
    private readonly Option<string> _algorithm = new("--algorithm")
    {
        Description = $"One of {string.Join(", ", OfflinePreset.Algorithms)}.",
        DefaultValueFactory = _ => "td3bc",
    };

    private readonly Option<double[]> _low = Bounds("--low", "The lower bound of each action. Default: the lowest logged one.");
    private readonly Option<double[]> _high = Bounds("--high", "The upper bound of each action. Default: the highest logged one.");
    private readonly Option<double?> _minutes = RealOption.Create("--checkpoint-minutes", "Minutes between two checkpoints. Default: 10.");
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Sets any option of docs/options.md, as in Options.Penalty=1 or Dynamics.MaxEpochs=30; may be repeated.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    public static Command Create(ToolConsole console)
    {
        var parts = new OfflineTrainCommand();
        var command = new Command("train", "Learns a policy from a log; a fit that was stopped or killed goes on when it is run again.")
        {
            parts._algorithm, parts._output.Out, parts._set, parts._output.Seed, parts._low, parts._high, parts._minutes,
        };
        parts._log.AddTo(command);
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var (preset, folder, ml) = (Preset(parsed), _output.Folder(parsed), new MLContext(parsed.GetValue(_output.Seed)));
        var log = _log.Read(parsed, ml);
        Directory.CreateDirectory(folder);
        using var signals = new TerminationSignals();
        using var metrics = new JsonLinesMetricsWriter(Path.Combine(folder, "metrics.jsonl"));
        var options = preset.Options;
        options.Seed = parsed.GetValue(_output.Seed);
        (options.Termination, options.Reward) = _log.Functions(parsed, log);
        if (options is ImaginingOptions && _log.LearnedReward(parsed, log) is { } sentence) console.Out.WriteLine(sentence);
        options.SetPoints = [.. options.SetPoints, .. _log.SetPoints(parsed, log).Where(number => !options.SetPoints.Contains(number))];
        options.Progress = Progress.Lines(console.Out);
        options.CancellationToken = signals.Token;
        options.MetricsWriters = [metrics];
        options.Checkpoints = new Checkpointing { Folder = Path.Combine(folder, "checkpoints") };
        if (parsed.GetValue(_minutes) is { } minutes) options.Checkpoints.Every = TimeSpan.FromMinutes(minutes);
        if (Train(preset, ml, log, console) is not { } report) return ExitCodes.Interrupted;
        using var policy = report.Policy;
        ml.Model.Save(policy, policy.InputSchema, Path.Combine(folder, "policy.zip"));
        policy.ExportToOnnx(Path.Combine(folder, "policy.onnx"));
        console.Out.WriteLine(
            Invariant($"{report.Steps:N0} updates of {preset.Algorithm} in {report.Elapsed.TotalSeconds:F0} s. The policy is in ") +
                Invariant($"{Path.Combine(folder, "policy.zip")}. Ask what the log says of it: {Judge(parsed, folder)}"));
        return ExitCodes.Success;
    }

    // The options of the log stand behind the policy: some of them take as many words as there are.
    private string Judge(ParseResult parsed, string folder) => string.Join(' ', (string[])
    [
        "mbpo offline judge", ShellText.Quoted(parsed.GetValue(_log.Log)!), ShellText.Quoted(Path.Combine(folder, "policy.zip")), .. _log.Given(parsed),
        "--out", ShellText.Quoted(Path.Combine(folder, "verdict")),
    ]);

    // Null where a signal stopped it.
    private static TrainingReport? Train(OfflinePreset preset, MLContext ml, IDataView log, ToolConsole console)
    {
        try
        {
            return ml.Reinforcement().Offline.Trainer(preset).Train(log);
        }
        catch (TrainingCanceledException exception)
        {
            exception.Report?.Policy.Dispose();
            console.Error.WriteLine($"{exception.Message} The same command goes on with it.");
            return null;
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(ExceptionText.Of(exception));
        }
    }

    private OfflinePreset Preset(ParseResult parsed)
    {
        try
        {
            var preset = new OfflinePreset(parsed.GetValue(_algorithm)!);
            foreach (var assignment in parsed.GetValue(_set)!) preset.Set(assignment);
            var (low, high) = (parsed.GetValue(_low)!, parsed.GetValue(_high)!);
            if (low.Length + high.Length > 0) preset.Options.ActionSpace = new BoxSpace(low, high);
            return preset;
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(ExceptionText.Of(exception));
        }
    }

    private static Option<double[]> Bounds(string name, string description) => new(name)
    {
        Description = description,
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens.Select(token => Number(name, token.Value))],
    };

    private static double Number(string name, string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        ? value : throw new UsageException($"{name} has '{text}', but takes numbers, as in {name} 0 0.");
}
