using System.CommandLine;
using System.Globalization;
using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Studies;
using MbpoML.Orleans;
using MbpoML.Tool.Display;
using MbpoML.Tool.Runs;
using MbpoML.Tool.Tasks;
using MbpoML.Training.Watches;

namespace MbpoML.Tool.Commands;

/// <summary>The commands <c>mbpo study new</c>, <c>run</c>, <c>show</c> and <c>best</c>.</summary>
internal static class StudyCommand
{
    public static Command Create(ToolConsole console) =>
        new("study", "Searches for the best options of a task: proposes trials, trains each with several seeds, and stops those early that lag behind.")
        {
            StudyNewCommand.Create(console), Run(console), Show(console), Best(console),
        };

    private static Argument<string> Folder() => new("folder") { Description = "The folder of the study." };

    private static Command Run(ToolConsole console)
    {
        var folder = Folder();
        var parallel = new Option<int?>("--parallel") { Description = "Runs side by side, a thread each; it changes no result. Default: one for each core." };
        var cluster = new Option<bool>("--cluster")
        {
            Description = "The runs are trained by workers of a cluster; without --redis by one in this process.",
        };
        var options = new ClusterOptionSet();
        var command = new Command("run", "Goes on with a study to its end; it may be stopped and killed at any time.") { folder, parallel, cluster };
        foreach (var option in options.All) command.Add(option);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(parallel) is { } given and < 1) throw new UsageException(Invariant($"--parallel is {given}, but must be at least 1."));
            var study = Study.Open(parsed.GetValue(folder)!, TaskList.Catalog);
            if (parsed.GetValue(cluster)) return RunOnCluster(study, options, parsed, parsed.GetValue(parallel), console);
            if (options.HasServer(parsed)) throw new UsageException("--redis names the server of a cluster: add --cluster.");
            return Run(study, parsed.GetValue(parallel) ?? Environment.ProcessorCount, console);
        });
        return command;
    }

    private static int RunOnCluster(Study study, ClusterOptionSet options, ParseResult parsed, int? parallel, ToolConsole console)
    {
        if (parallel is not null && options.HasServer(parsed)) throw new UsageException("--parallel is decided by the --slots of the workers: leave it out.");
        using var signals = new TerminationSignals();
        var lines = new LineDisplay(console);
        var (display, worker) = (new StudyDisplay(lines, TimeProvider.System), new WorkerDisplay(lines));
        var result = ClusterStudy.RunAsync(
            study, options.Read(parsed, options.HasServer(parsed) ? null : Path.Combine(study.Folder, "cluster")),
            options.HasServer(parsed) ? null : ClusterCommand.WorkerOf(parallel), worker, display, worker, signals.Token).GetAwaiter().GetResult();
        return End(study, result, console);
    }

    private static int Run(Study study, int parallel, ToolConsole console)
    {
        using var signals = new TerminationSignals();
        var executor = new ChildProcessExecutor(TaskList.Catalog, WorkerProgram.Of(typeof(RunSet).Assembly, "work"));
        var display = new StudyDisplay(new LineDisplay(console), TimeProvider.System);
        return End(study, study.RunAsync(executor, parallel, display, display, signals.Token).GetAwaiter().GetResult(), console);
    }

    private static int End(Study study, StudyResult? result, ToolConsole console)
    {
        if (result is null)
        {
            console.Out.WriteLine($"Stopped. Go on with: mbpo study run {ShellText.Quoted(study.Folder)}");
            return ExitCodes.Interrupted;
        }

        Tell(study, console);
        return ExitCodes.Success;
    }

    private static Command Show(ToolConsole console)
    {
        var folder = Folder();
        var command = new Command("show", "Tells the trials of a study, the best first.") { folder };
        command.SetAction(parsed =>
        {
            var study = Study.Open(parsed.GetValue(folder)!, TaskList.Catalog);
            var table = new PlainTable(["trial", "state", "steps", "mean return", .. study.Options.Space.Select(parameter => parameter.Path)]);
            foreach (var trial in study.Trials.OrderByDescending(trial => trial.Values.Count).ThenByDescending(trial => trial.Value)
                .ThenBy(trial => trial.Number))
                table.AddRow(
                    [
                        trial.Number.ToString(CultureInfo.InvariantCulture), trial.Status.ToString().ToLowerInvariant(),
                        (trial.Values.Count == 0 ? 0 : study.RungSteps[trial.Values.Count - 1]).ToString(CultureInfo.InvariantCulture), Number(trial.Value),
                        .. trial.Assignments.Select(assignment => assignment.Split('=', 2)[1]),
                    ]);
            console.Rich.Write(table);
            foreach (var trial in study.Trials.Where(trial => trial.Failure is not null))
                console.Out.WriteLine(Invariant($"trial {trial.Number} failed: {trial.Failure}"));
            if (study.Result is not null) Tell(study, console);
            else console.Out.WriteLine($"Not at its end. Go on with: mbpo study run {ShellText.Quoted(study.Folder)}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Best(ToolConsole console)
    {
        var folder = Folder();
        var command = new Command("best", "Tells the options of the best trial, and what they gave with fresh seeds.") { folder };
        command.SetAction(parsed =>
        {
            var study = Study.Open(parsed.GetValue(folder)!, TaskList.Catalog);
            if (study.Result is null)
                throw new RunDataException(
                    $"The study in '{study.Folder}' is not at its end, so that nothing stands fast. Go on with: mbpo study run " +
                        $"{ShellText.Quoted(study.Folder)}");
            Tell(study, console);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Tell(Study study, ToolConsole console)
    {
        var result = study.Result!;
        console.Out.WriteLine(Invariant($"Best: trial {result.Trial} of {study.Trials.Count}. With {result.Seeds.Count} fresh seeds it returns ") +
            Invariant($"{Number(result.Mean)} ± {Number(result.Deviation)} in {study.RungSteps[^1]} steps."));
        console.Out.WriteLine($"--set {string.Join(' ', result.Assignments.Select(ShellText.Quoted))}");
    }

    private static string Number(double? value) => value is { } number ? number.ToString("F1", CultureInfo.InvariantCulture) : "-";
}
