using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments;

/// <summary>The run folders that paths name.</summary>
public static class RunFolders
{
    /// <summary>How many folders lie between a path and the runs that it stands for.</summary>
    internal const int DeepestSearch = 3;

    /// <summary>The run of a folder.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <exception cref="RunSpecException">There is no run in it.</exception>
    public static RunFolder Existing(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new RunFolder(path) is { IsRun: true } run
            ? run : throw new RunSpecException($"'{path}' is no run: it has no options.json. Name a folder that 'mbpo train' made.");
    }

    /// <summary>The runs of some folders: a folder that is none stands for those in it.</summary>
    /// <param name="paths">At least one; the last part may hold '*' where the shell has not replaced it.</param>
    /// <param name="remark">Is told of each path that is there but holds no run, as a pattern brings them along, and the others are taken; without it such a
    /// path is an error.</param>
    /// <exception cref="RunSpecException">A path is not there, or there is no run in any of them.</exception>
    public static IReadOnlyList<RunFolder> All(IReadOnlyList<string> paths, Action<string>? remark = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var runs = new List<RunFolder>();
        var empty = new List<string>();
        foreach (var path in paths)
        {
            RunFolder[] found = [.. Expand(path).SelectMany(folder => Under(folder, DeepestSearch))];
            if (found.Length == 0 && (remark is null || !Path.Exists(path))) throw NoRunIn(path);
            if (found.Length == 0) empty.Add(path);
            runs.AddRange(found);
        }

        if (runs.Count == 0) throw NoRunIn(string.Join("', '", empty));
        foreach (var path in empty) remark!($"Left out: '{path}' holds no run.");
        return [.. runs.DistinctBy(run => Path.TrimEndingDirectorySeparator(Path.GetFullPath(run.Path)))];
    }

    /// <summary>The runs of some folders, which must be of one task.</summary>
    /// <param name="paths">Folders of runs, or folders that contain runs, as for <see cref="All"/>.</param>
    /// <param name="tasks">The tasks that the runs may name.</param>
    /// <exception cref="RunSpecException">A path is not there, there is no run in any of them, or they are of several tasks.</exception>
    public static IReadOnlyList<RunFolder> OfOneTask(IReadOnlyList<string> paths, TaskCatalog tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var runs = All(paths);
        string[] names = [.. runs.Select(run => RunOptions.Read(run.Options, tasks).Task.Name).Distinct()];
        return names.Length == 1 ? runs : throw new RunSpecException($"These are runs of {string.Join(", ", names)}, but all must be of one task.");
    }

    private static RunSpecException NoRunIn(string path) =>
        new($"There is no run in '{path}': no folder there has an options.json. Name folders that 'mbpo train' or a program's RunFolder made.");

    /// <summary>The folders of a pattern that the shell has not replaced; any other path as it is.</summary>
    internal static IEnumerable<string> Expand(string path)
    {
        if (!path.Contains('*', StringComparison.Ordinal)) return [path];
        // A folder may be called so; a shell would have replaced the pattern.
        if (Directory.Exists(path)) return [path];
        var parent = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        return Directory.Exists(parent) ? Directory.GetDirectories(parent, Path.GetFileName(path)).Order(StringComparer.Ordinal) : [];
    }

    private static IEnumerable<RunFolder> Under(string path, int depth)
    {
        var run = new RunFolder(path);
        if (run.IsRun) return [run];
        if (depth == 0 || !Directory.Exists(path)) return [];
        return Directory.GetDirectories(path).Order(StringComparer.Ordinal).SelectMany(folder => Under(folder, depth - 1));
    }
}
