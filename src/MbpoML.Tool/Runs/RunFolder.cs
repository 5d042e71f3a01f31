namespace MbpoML.Tool.Runs;

/// <summary>The folder of one run, and what lies where in it.</summary>
/// <param name="Path">As the user writes it.</param>
internal sealed record RunFolder(string Path)
{
    /// <summary>The names of the files in <see cref="Events"/>.</summary>
    public const string EventFiles = "events.out.tfevents*";

    private const int DeepestSearch = 3;

    public string Options => System.IO.Path.Combine(Path, "options.json");

    public string Metrics => System.IO.Path.Combine(Path, "metrics.jsonl");

    public string Events => System.IO.Path.Combine(Path, "tensorboard");

    public string Policy => System.IO.Path.Combine(Path, "policy.zip");

    public string Checkpoints => System.IO.Path.Combine(Path, "checkpoints");

    public string Report => System.IO.Path.Combine(Path, "report.json");

    public string Lock => System.IO.Path.Combine(Path, "training.lock");

    /// <summary>The last part of the path: what displays call the run.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path)));

    public bool IsRun => File.Exists(Options);

    /// <summary>One of the things that training writes; null where none of them is there.</summary>
    public string? Written => new[] { Metrics, Events, Policy, Checkpoints, Report }.FirstOrDefault(System.IO.Path.Exists);

    /// <summary>What a person types to go on with the run.</summary>
    public string ResumeCommand => $"mbpo resume {ShellText.Quoted(Path)}";

    /// <summary>Refuses a folder in which a new run would write over what is there.</summary>
    /// <exception cref="UsageException">There is a run in it, or something else that has the name of a run's part.</exception>
    public void RequireFree()
    {
        if (IsRun) throw new UsageException($"There is a run in '{Path}' already. Name another folder with --out, or go on with that run by: {ResumeCommand}");
        var taken = File.Exists(Path) ? Path : new[] { Options, Lock }.FirstOrDefault(System.IO.Path.Exists) ?? Written;
        if (taken is not null) throw new UsageException($"'{Path}' holds no run, but '{taken}' is there, which a run would write over. Name another folder with --out, or move that away.");
    }

    /// <summary>The run of a folder.</summary>
    public static RunFolder Existing(string path) =>
        new RunFolder(path) is { IsRun: true } run ? run : throw new UsageException($"'{path}' is no run: it has no options.json. Name a folder that 'mbpo train' made.");

    /// <summary>The runs of some folders: a folder that is none stands for those in it.</summary>
    /// <param name="paths">At least one; the last part may hold '*' where the shell has not replaced it.</param>
    /// <param name="remark">Is told of each path that is there but holds no run, as a pattern brings them along, and the others are taken; without it such a path is an error.</param>
    /// <exception cref="UsageException">A path is not there, or there is no run in any of them.</exception>
    public static IReadOnlyList<RunFolder> All(IReadOnlyList<string> paths, Action<string>? remark = null)
    {
        var runs = new List<RunFolder>();
        var empty = new List<string>();
        foreach (var path in paths)
        {
            RunFolder[] found = [.. Expand(path).SelectMany(folder => Under(folder, DeepestSearch))];
            if (found.Length == 0 && (remark is null || !System.IO.Path.Exists(path))) throw NoRunIn(path);
            if (found.Length == 0) empty.Add(path);
            runs.AddRange(found);
        }

        if (runs.Count == 0) throw NoRunIn(string.Join("', '", empty));
        foreach (var path in empty) remark!($"Left out: '{path}' holds no run.");
        return [.. runs.DistinctBy(run => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(run.Path)))];
    }

    /// <summary>The runs of some folders, which must be of one task.</summary>
    public static IReadOnlyList<RunFolder> OfOneTask(IReadOnlyList<string> paths)
    {
        var runs = All(paths);
        string[] tasks = [.. runs.Select(run => RunOptions.Read(run.Options).Task.Name).Distinct()];
        return tasks.Length == 1 ? runs : throw new UsageException($"These are runs of {string.Join(", ", tasks)}, but all must be of one task.");
    }

    private static UsageException NoRunIn(string path) => new($"There is no run in '{path}': no folder there has an options.json. Name folders that 'mbpo train' made.");

    private static IEnumerable<string> Expand(string path)
    {
        if (!path.Contains('*', StringComparison.Ordinal)) return [path];
        var parent = System.IO.Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        return Directory.Exists(parent) ? Directory.GetDirectories(parent, System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal) : [];
    }

    private static IEnumerable<RunFolder> Under(string path, int depth)
    {
        var run = new RunFolder(path);
        if (run.IsRun) return [run];
        if (depth == 0 || !Directory.Exists(path)) return [];
        return Directory.GetDirectories(path).Order(StringComparer.Ordinal).SelectMany(folder => Under(folder, depth - 1));
    }
}
