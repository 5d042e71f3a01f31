using System.CommandLine;
using MbpoML.Tool.Runs;
using MbpoML.Tool.Tasks;
using MbpoML.Training.Metrics;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo resume</c>.</summary>
internal sealed class ResumeCommand
{
    private readonly Argument<string[]> _runs = new("runs") { Description = "Folders of runs, or folders that hold some.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _environment = EnvironmentOption.Create();
    private readonly CollectorOptionSet _collectors = new();
    private readonly RunOptionSet _common = new();

    public static Command Create(ToolConsole console)
    {
        var parts = new ResumeCommand();
        var command = new Command(
            "resume",
            "Goes on with runs that were stopped, as if they had never been. Steps, device, workers and checkpoints may change, nothing else.") { parts._runs,
                parts._environment };
        foreach (var option in parts._common.All.Concat(parts._collectors.All)) command.Add(option);
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var runs = RunFolders.All(parsed.GetValue(_runs)!);
        var (parallel, workers) = _common.Share(parsed, runs.Count, Environment.ProcessorCount);
        // Before they are read: nobody else changes them from here on.
        using var taken = new Disposables<TakenRun>(TakenRun.Take(runs));
        var left = new List<TakenRun>();
        var changed = runs.Select(run => (Run: run, Options: Change(parsed, run, workers))).ToArray();
        foreach (var ((run, options), turn) in changed.Zip(taken.All))
        {
            options.Write(run.Options);
            if (!options.IsFinishedIn(run))
            {
                left.Add(turn);
                continue;
            }

            console.Out.WriteLine(Invariant($"{run.Path}: all {options.Settings.TrainerOptions.Steps} steps are taken; --steps takes more."));
            turn.Dispose();
        }

        return RunSet.Run(left, parallel, console, collectors: _collectors.Read(parsed, runs[0].Path, runs.Count));
    }

    private RunOptions Change(ParseResult parsed, RunFolder run, int workers)
    {
        var options = RunOptions.Open(run.Options, TaskList.Catalog, parsed.GetValue(_environment));
        var before = options.WithSeed(options.Seed);
        RunOptionSet.UseWorkers(options, workers);
        _common.Apply(parsed, options, options.Set);
        _collectors.Apply(parsed, options);
        options.Check();
        var counts = before.Settings.DescribeWhatCounts();
        var refused = options.Settings.DescribeWhatCounts().Where(option => counts[option.Key] != option.Value).Select(option => option.Key).ToArray();
        if (refused.Length > 0)
            throw new UsageException(
                $"{string.Join(", ", refused)} cannot change when a run is resumed. Begin another: mbpo train --options {ShellText.Quoted(run.Options)} " +
                    $"--set {refused[0]}=... --out FOLDER");
        var taken = LastStep(run);
        if (parsed.GetValue(_common.Steps) is { } steps && steps < taken)
            throw new UsageException(Invariant($"--steps is {steps}, but {run.Path} has taken {taken} steps; more than those are needed."));
        options.CheckGoesOn(run);
        return options;
    }

    private static long LastStep(RunFolder run)
    {
        try
        {
            return File.Exists(run.Metrics) ? MetricsFile.Read(run.Metrics).Select(record => record.Step).LastOrDefault() : 0;
        }
        catch (FormatException exception)
        {
            throw new RunDataException($"{exception.Message} Mend that line, or move the file away: a resumed run writes the epochs of its checkpoint again.");
        }
    }
}
