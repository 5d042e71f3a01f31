using System.CommandLine;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Experiments.Reports.Verdicts;
using MbpoML.Training.Watches;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>The command <c>mbpo offline judge</c>.</summary>
internal sealed class OfflineJudgeCommand
{
    private readonly LogOptions _log = new();
    private readonly OutputOptions _output = new();
    private readonly Argument<string> _policy = new("policy") { Description = "A saved policy: policy.zip or policy.onnx." };
    private readonly Option<int?> _horizon =
        new("--horizon") { Description = "Steps of the returns. Default: the median length of the episodes, at most 200." };
    private readonly Option<int?> _updates =
        new("--updates") { Description = "Updates of each fitted Q evaluation and, at most, of the clone. Default: 10000 and 20000." };

    public static Command Create(ToolConsole console)
    {
        var parts = new OfflineJudgeCommand();
        var command = new Command(
            "judge", "Says what a log tells of a policy: better, worse, worse than a clone of the log, or not decidable; writes one page with pictures.")
        {
            parts._output.Out, parts._output.Seed, parts._horizon, parts._updates,
        };
        parts._log.AddTo(command);
        command.Add(parts._policy);
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var (folder, ml) = (_output.Folder(parsed), new MLContext(parsed.GetValue(_output.Seed)));
        var rl = ml.Reinforcement();
        using var policy = rl.Policies.Load(parsed.GetValue(_policy)!);
        var log = _log.Read(parsed, ml);
        var (ends, earns) = _log.Functions(parsed, log);
        if (_log.LearnedReward(parsed, log) is { } sentence) console.Out.WriteLine(sentence);
        using var signals = new TerminationSignals();
        var options = new OfflineJudge.Options
        {
            Horizon = parsed.GetValue(_horizon),
            Seed = parsed.GetValue(_output.Seed),
            SetPoints = _log.SetPoints(parsed, log),
            Termination = ends,
            Reward = earns,
            CancellationToken = signals.Token,
            Progress = new Lines(console.Out),
        };
        if (parsed.GetValue(_updates) is { } updates) (options.FittedQUpdates, options.CloneUpdates) = (updates, updates);
        JudgeReport report;
        try
        {
            report = rl.Offline.Judge(log, policy, options);
        }
        catch (OperationCanceledException)
        {
            console.Error.WriteLine("Stopped; nothing was written.");
            return ExitCodes.Interrupted;
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(ExceptionText.Of(exception));
        }

        var (judged, from) = (Path.GetFileName(parsed.GetValue(_policy)!), Path.GetFileName(parsed.GetValue(_log.Log)!.TrimEnd('/', '\\')));
        VerdictReport.Write(report, folder, $"{judged} by {from}");
        console.Out.WriteLine(report.Summary);
        foreach (var reason in report.Reasons) console.Out.WriteLine($"- {reason}");
        foreach (var wanted in report.DataWanted) console.Out.WriteLine($"> {wanted}");
        console.Out.WriteLine($"The page is {Path.Combine(folder, "report.html")}.");
        return ExitCodes.Success;
    }

    private sealed class Lines(TextWriter output) : IProgress<string>
    {
        public void Report(string value) => output.WriteLine(value);
    }
}
