namespace MbpoML.Experiments.Reports;

/// <summary>The recorded runs that paths name: folders of runs and curve files, named themselves or lying in folders that are named.</summary>
internal static class RunSources
{
    /// <summary>All of them, each once.</summary>
    /// <param name="paths">Folders of runs, curve files, or folders that hold some.</param>
    /// <param name="remark">Is told of each path that is there but holds none, as a pattern brings them along, and the others are taken.</param>
    /// <returns>The run folders and curve files, in the order of the paths and of their names.</returns>
    /// <exception cref="RunDataException">A file that is named is no curve file.</exception>
    /// <exception cref="RunSpecException">A path is not there, or there is no run in any of them.</exception>
    public static IReadOnlyList<string> All(IReadOnlyList<string> paths, Action<string> remark)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var sources = new List<string>();
        var empty = new List<string>();
        foreach (var path in paths)
        {
            string[] found = [.. RunFolders.Expand(path).SelectMany(place => Under(place, RunFolders.DeepestSearch))];
            if (found.Length == 0 && !Path.Exists(path)) throw NoRunIn(path);
            if (found.Length == 0) empty.Add(path);
            sources.AddRange(found);
        }

        if (sources.Count == 0) throw NoRunIn(string.Join("', '", empty));
        foreach (var path in empty) remark($"Left out: '{path}' holds no run.");
        return [.. sources.DistinctBy(source => Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)))];
    }

    // A file that is named must be a curve: its reader says what is wrong with it. In a folder other tables may lie beside them.
    private static IEnumerable<string> Under(string path, int depth)
    {
        if (File.Exists(path)) return path.EndsWith(CurveFile.Extension, StringComparison.OrdinalIgnoreCase) ? [path] : [];
        if (new RunFolder(path).IsRun) return [path];
        if (!Directory.Exists(path)) return [];
        var curves = Directory.GetFiles(path).Where(CurveFile.IsOne).Order(StringComparer.Ordinal);
        return depth == 0 ? curves
            : [.. curves, .. Directory.GetDirectories(path).Order(StringComparer.Ordinal).SelectMany(folder => Under(folder, depth - 1))];
    }

    private static RunSpecException NoRunIn(string path) =>
        new($"There is no run in '{path}': no folder there has an options.json, and no file is the curve of a run. Name folders that 'mbpo train' or a " +
            "program's RunFolder made, or files that 'mbpo report --curves' wrote.");
}
