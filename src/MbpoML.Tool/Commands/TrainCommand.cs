using System.CommandLine;
using MbpoML.Experiments.Tasks;
using MbpoML.Tool.Runs;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo train</c>.</summary>
internal sealed class TrainCommand
{
    private const int DefaultSeed = 1;

    private readonly Argument<string?> _task =
        new("task") { Description = "A task of 'mbpo tasks'. May be left out with --options.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int?> _seed =
        new("--seed") { Description = "Determines everything random: the same seed gives the same run, bit for bit, on one machine. Default: 1." };
    private readonly Option<string?> _seeds = new("--seeds") { Description = "Several seeds side by side, as in 1,2,3 or 1..5: a run and a folder each." };
    private readonly FolderOption _out = new("--out", "The run's folder; with --seeds the folder of the runs' folders. Default: runs/TASK-ALGORITHM/seed-N.");
    private readonly Option<string?> _preset =
        new("--preset") { Description = "The settings to begin with, of those that 'mbpo tasks' lists. Default: the task's first." };
    private readonly Option<string?> _algorithm =
        new("--algorithm") { Description = $"One of {string.Join(", ", Algorithm.All.Select(algorithm => algorithm.Name))}. Default: mbpo." };
    private readonly Option<string?> _environment =
        EnvironmentOption.Create("An environment of your own in place of a task: assembly and type, as in bin/Release/net10.0/My.dll#My.ReactorEnvironment.");
    private readonly Option<string?> _options = new("--options") { Description = "The options.json of another run, to begin with in place of a preset." };
    private readonly CollectorOptionSet _collectors = new();
    private readonly RunOptionSet _common = new();

    public static Command Create(ToolConsole console)
    {
        var parts = new TrainCommand();
        var command = new Command("train", "Trains a policy on a task.")
        {
            parts._task, parts._environment, parts._seed, parts._seeds, parts._out.Option, parts._preset, parts._algorithm, parts._options,
        };
        foreach (var option in parts._common.All.Concat(parts._collectors.All)) command.Add(option);
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var seeds = Seeds(parsed);
        var first = Options(parsed, seeds[0]);
        var (parallel, workers) = _common.Share(parsed, seeds.Count, Environment.ProcessorCount);
        RunOptionSet.UseWorkers(first, workers);
        _common.Apply(parsed, first, first.Set);
        _collectors.Apply(parsed, first);
        first.Check();

        RunFolder[] folders = [.. seeds.Select(seed => new RunFolder(FolderOf(parsed, first, seed)))];
        using var runs = new Disposables<TakenRun>(TakenRun.Claim(folders));
        return RunSet.Run(runs.All, parallel, console, collectors: _collectors.Read(parsed, folders[0].Path, seeds.Count), begin: () =>
        {
            foreach (var (folder, seed) in folders.Zip(seeds)) first.WithSeed(seed).Write(folder.Options);
            console.Out.WriteLine(
                $"{first.Algorithm.Label} on {first.Task.Name}, seed {string.Join(", ", seeds)}: {string.Join(", ", folders.Select(folder => folder.Path))}");
        });
    }

    private IReadOnlyList<int> Seeds(ParseResult parsed)
    {
        if (parsed.GetValue(_seed) is { } seed and < 0) throw new UsageException(Invariant($"--seed is {seed}, but must be a whole number from 0."));
        if (parsed.GetValue(_seeds) is not { } text)
            return [parsed.GetValue(_seed) ?? (parsed.GetValue(_options) is { } file ? RunOptions.Read(file, TaskList.Catalog).Seed : DefaultSeed)];
        if (parsed.GetValue(_seed) is not null) throw new UsageException("Give --seed or --seeds, not both.");
        return SeedList.Parse(text);
    }

    private RunOptions Options(ParseResult parsed, int seed)
    {
        var (task, environment) = (parsed.GetValue(_task), parsed.GetValue(_environment));
        if (task is not null && environment is not null) throw new UsageException($"Name a task, here '{task}', or an --environment, not both.");
        if (parsed.GetValue(_options) is not { } file)
        {
            if (task is null && environment is null)
                throw new UsageException(
                    $"Name a task, as in 'mbpo train {TaskList.All[0].Name}', an environment of your own with --environment, or the options of a run with " +
                        $"--options. Tasks: {string.Join(", ", TaskList.All.Select(one => one.Name))}.");
            return RunOptions.Of(environment is null ? TaskList.Named(task!) : TaskCatalog.Load(environment), parsed.GetValue(_preset),
                Algorithm.Named(parsed.GetValue(_algorithm) ?? "mbpo"), seed);
        }

        if (parsed.GetValue(_preset) is not null || parsed.GetValue(_algorithm) is not null)
            throw new UsageException("--options names preset and algorithm itself: leave out --preset and --algorithm.");
        var options = RunOptions.Open(file, TaskList.Catalog, environment);
        if (task is not null && TaskList.Named(task).Name != options.Task.Name)
            throw new UsageException($"'{file}' is of the task {options.Task.Name}, not {task}: leave out the task, or --options.");
        return options.WithSeed(seed);
    }

    private string FolderOf(ParseResult parsed, RunOptions options, int seed)
    {
        var folder = _out.Read(parsed, Path.Combine("runs", $"{options.Task.Name.ToLowerInvariant()}-{options.Algorithm.Name}"));
        return parsed.GetValue(_seeds) is null && _out.IsGiven(parsed) ? folder : Path.Combine(folder, Invariant($"seed-{seed}"));
    }
}
