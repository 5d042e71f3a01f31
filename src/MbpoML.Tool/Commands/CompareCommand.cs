using System.CommandLine;
using MbpoML.Experiments.Comparisons;
using MbpoML.Experiments.Reports;
using MbpoML.Experiments.Tasks;
using MbpoML.Tool.Reports;
using MbpoML.Tool.Runs;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo compare</c>.</summary>
internal sealed class CompareCommand
{
    private const string PlaNet = "planet", SeenAsPictures = "Pixel";

    private readonly Argument<string[]> _tasks = new("tasks") { Description = "Tasks of 'mbpo tasks'.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]> _algorithms = new("--algorithms")
    {
        Description = $"What to compare: {string.Join(", ", Algorithm.All.Select(algorithm => algorithm.Name))}. Default: all.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _seeds =
        new("--seeds") { Description = "Seeds of each algorithm, as in 1,2,3 or 1..5.", DefaultValueFactory = _ => "1..3" };
    private readonly Option<int?> _steps =
        new("--steps") { Description = "Real environment steps of each run, random exploration included. Default: those of the task's MBPO preset." };

    private readonly Option<int?> _parallel = new("--parallel") { Description = "Runs side by side, a thread each. Default: one for each core." };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "An option of all runs, as in Trainer.EvaluationEpisodes=5, or of one algorithm's, as in pets:Planner.Horizon=20. May be repeated.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly FolderOption _out = new("--out", "The folder of the runs: TASK/ALGORITHM/seed-N. Default: runs/comparison.");
    private readonly FolderOption _pictures = new(
        "--pictures", "The folder of the pictures, one for each task, with their numbers. Default: that of the runs.");
    private readonly Option<string?> _into = new("--into")
    {
        Description =
            $"A Markdown page: what stands in it between '{ReturnReport.Begin}' and '{ReturnReport.End}' is replaced. Default: the tables are printed.",
    };

    public static Command Create(ToolConsole console)
    {
        var parts = new CompareCommand();
        var command = new Command(
            "compare",
            "Compares algorithms on the same tasks, steps and seeds: trains what is not trained yet, and tells returns, training and thinking times.")
        {
            parts._tasks, parts._algorithms, parts._seeds, parts._steps, parts._parallel, parts._set, parts._out.Option, parts._pictures.Option, parts._into,
        };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        TrainingTask[] tasks = [.. parsed.GetValue(_tasks)!.Select(TaskList.Named).DistinctBy(task => task.Name)];
        Algorithm[] algorithms = parsed.GetValue(_algorithms) is { Length: > 0 } names
            ? [.. names.SelectMany(name => name.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(Algorithm.Named).Distinct()] : [.. Algorithm.All];
        var seeds = SeedList.Parse(parsed.GetValue(_seeds)!);
        var folder = _out.Read(parsed, Path.Combine("runs", "comparison"));
        var (pictures, page, parallel) = (_pictures.Read(parsed, folder), parsed.GetValue(_into), Parallel(parsed));
        if (page is not null) ReturnReport.RequirePlace(page);
        ComparedRun[] runs =
            [.. from task in tasks from algorithm in algorithms let seen = SeenBy(algorithm, task, console) where seen is not null from seed in seeds
                select new ComparedRun(task, Options(parsed, task, seen, algorithm, seed, algorithms), FolderOf(folder, task, algorithm, seed))];
        if (tasks.FirstOrDefault(task => !runs.Any(run => run.Task == task)) is { } empty)
            throw new UsageException($"No algorithm is left on {empty.Name}: name others by --algorithms, or leave the task out.");
        using var taken = new Disposables<TakenRun>(TakenRun.Prepare([.. runs.Select(run => (run.Folder, run.Options))], TaskList.Catalog));

        console.Out.WriteLine(
            $"{string.Join(", ", tasks.Select(task => task.Name))}: {string.Join(", ", algorithms.Select(algorithm => algorithm.Label))}, seeds " +
                $"{string.Join(", ", seeds)}, in {folder}");
        // One that fails is a result as well: its row tells how far it came.
        var code = RunSet.Run(taken.All, parallel, console, run => Path.GetRelativePath(folder, run.Path));
        if (code == ExitCodes.Interrupted) return code;
        Report(tasks, runs, pictures, page, console);
        return code;
    }

    private static void Report(IEnumerable<TrainingTask> tasks, IReadOnlyList<ComparedRun> runs, string pictures, string? page, ToolConsole console)
    {
        List<string> sections = [];
        foreach (var task in tasks)
        {
            var own = runs.Where(run => run.Task == task).ToArray();
            var steps = AlgorithmComparison.RepeatOf(task, own[0].Options.Task) * own[0].Options.Settings.TrainerOptions.Steps;
            var comparison = AlgorithmComparison.Read(
                task, steps, [.. own.GroupBy(run => run.Options.Algorithm)
                    .Select(group => (group.Key, (IReadOnlyList<RunFolder>)[.. group.Select(run => run.Folder)]))], TaskList.Catalog);
            sections.Add(comparison.ToMarkdown());
            // Where every run failed before its first evaluation there is nothing to draw.
            if (comparison.Results.All(result => result.BestReturns.Count == 0)) continue;
            var picture = Path.Combine(pictures, $"comparison-{MarkdownText.FileName(task.Name.ToLowerInvariant())}.png");
            PictureOption.Save(comparison.Plot(), picture, console);
            sections.Add($"{MarkdownText.Picture($"{task.Name}: return over environment steps", MarkdownText.Address(page, picture))}\n");
        }

        var report = string.Join('\n', sections);
        if (page is null)
        {
            console.Out.Write(report);
            return;
        }

        ReturnReport.WriteInto(page, report);
        console.Out.WriteLine($"wrote {page}");
    }

    // PlaNet learns from pictures: of a task it takes the one that is called so.
    private static TrainingTask? SeenBy(Algorithm algorithm, TrainingTask task, ToolConsole console)
    {
        if (algorithm.Name != PlaNet || task.Name.StartsWith(SeenAsPictures, StringComparison.Ordinal)) return task;
        var seen = TaskList.All.FirstOrDefault(other => other.Name == SeenAsPictures + task.Name);
        if (seen is null) console.Error.WriteLine($"Left out: {algorithm.Label} on {task.Name}, of which there are no pictures.");
        return seen;
    }

    private RunOptions Options(
        ParseResult parsed, TrainingTask task, TrainingTask seen, Algorithm algorithm, int seed, IReadOnlyList<Algorithm> algorithms)
    {
        var options = RunOptions.Of(seen, null, algorithm, seed);
        // Side by side a thread each: more would be in each other's way.
        RunOptionSet.UseWorkers(options, 1);
        options.Settings.TrainerOptions.Steps =
            (parsed.GetValue(_steps) ?? RunOptions.Of(task, null, Algorithm.Named("mbpo"), seed).Settings.TrainerOptions.Steps) /
            AlgorithmComparison.RepeatOf(task, seen);
        foreach (var assignment in parsed.GetValue(_set)!)
        {
            var (owner, text) = Split(assignment, algorithms);
            if (owner is null || owner == algorithm) options.Set(text);
        }

        return options;
    }

    // "pets:Planner.Horizon=20" is of one algorithm; what stands behind '=' may hold colons of its own.
    private static (Algorithm? Owner, string Assignment) Split(string assignment, IReadOnlyList<Algorithm> algorithms)
    {
        var (colon, equals) = (assignment.IndexOf(':', StringComparison.Ordinal), assignment.IndexOf('=', StringComparison.Ordinal));
        if (colon < 0 || (equals >= 0 && colon > equals)) return (null, assignment);
        var owner = Algorithm.Named(assignment[..colon]);
        return algorithms.Contains(owner) ? (owner, assignment[(colon + 1)..])
            : throw new UsageException($"--set names {owner.Name}, which is not compared: add it to --algorithms, or leave out '{assignment}'.");
    }

    private int Parallel(ParseResult parsed) => parsed.GetValue(_parallel) switch
    {
        null => Environment.ProcessorCount,
        { } given and < 1 => throw new UsageException(Invariant($"--parallel is {given}, but must be at least 1.")),
        { } given => given,
    };

    private static RunFolder FolderOf(string folder, TrainingTask task, Algorithm algorithm, int seed) =>
        new(Path.Combine(folder, task.Name.ToLowerInvariant(), algorithm.Name, Invariant($"seed-{seed}")));

    private sealed record ComparedRun(TrainingTask Task, RunOptions Options, RunFolder Folder);
}
