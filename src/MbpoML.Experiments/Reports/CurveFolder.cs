namespace MbpoML.Experiments.Reports;

/// <summary>A folder of <see cref="CurveFile"/>s by algorithm, task and seed, as in <c>dhmbpo/Hopper/seed-1.csv</c>.</summary>
public static class CurveFolder
{
    /// <summary>Writes the curves of runs; a file that is there is replaced.</summary>
    /// <param name="folder">The folder of the collection; made where it is missing.</param>
    /// <param name="tasks">The runs whose curves are written, by task.</param>
    /// <returns>The files, in the order of the runs.</returns>
    /// <exception cref="RunDataException">Two runs would have the same file; nothing was written.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<TaskRuns> tasks)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(tasks);
        foreach (var task in tasks) ArgumentNullException.ThrowIfNull(task, nameof(tasks));
        (string Path, RecordedRun Run)[] files = [.. tasks.SelectMany(task => task.Groups).SelectMany(group => group.Runs
            .Select(run => (Path.Combine(folder, CurveFile.PlaceOf(group.Name, run)), run)))];
        foreach (var same in files.GroupBy(file => file.Path, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
            throw new RunDataException(
                $"'{string.Join("' and '", same.Select(file => file.Run.Place))}' would both be written to '{same.Key}': give their runs other labels, or " +
                    "write them to folders of their own.");
        foreach (var (path, run) in files) CurveFile.Write(path, run);
        return [.. files.Select(file => file.Path)];
    }
}
