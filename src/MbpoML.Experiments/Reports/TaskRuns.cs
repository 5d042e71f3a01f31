using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Reports;

/// <summary>All recorded runs of one task.</summary>
/// <param name="Task">The name of the task.</param>
/// <param name="Runs">The runs of the task that have evaluated at least once.</param>
/// <param name="Published">What others published of the task; empty where nothing is at hand.</param>
/// <param name="Threshold">The return that steps and time are counted to; null for none.</param>
public sealed record TaskRuns(string Task, IReadOnlyList<RecordedRun> Runs, IReadOnlyList<PublishedReturns> Published, double? Threshold)
{
    /// <summary>The last step at which any of them has evaluated.</summary>
    public long LastStep { get; } = Runs.Max(run => run.Evaluations[^1].Step);

    /// <summary>The runs by what they ran, in the order of first appearance, with a name for each group.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<RecordedRun> Runs)> Groups
    {
        get
        {
            var groups = new List<(string Name, IReadOnlyList<RecordedRun> Runs)>();
            foreach (var group in Runs.GroupBy(run => run.Group))
            {
                var label = group.First().Label;
                var namesakes = groups.Count(other => other.Runs[0].Label == label);
                groups.Add((namesakes == 0 ? label : Invariant($"{label}, {namesakes + 1}"), [.. group]));
            }

            return groups;
        }
    }

    /// <summary>Reads runs and sorts them by task.</summary>
    /// <param name="paths">Folders of runs, curve files (<see cref="CurveFile"/>), or folders that hold some.</param>
    /// <param name="tasks">The tasks that the runs may name, with what is published of them.</param>
    /// <param name="remark">Is told what is left out, and why: what holds no run, runs without an evaluation, and a seed that is there twice.</param>
    /// <exception cref="RunDataException">None of them has evaluated yet, or a file cannot be read as what it should be.</exception>
    /// <exception cref="RunSpecException">A path is not there, there is no run in any of them, or a file of options cannot be read.</exception>
    public static IReadOnlyList<TaskRuns> Read(IReadOnlyList<string> paths, TaskCatalog tasks, Action<string> remark)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(remark);
        var evaluated = new List<RecordedRun>();
        foreach (var source in RunSources.All(paths, remark))
        {
            var run = File.Exists(source) ? CurveFile.Read(source) : RecordedRun.Read(new RunFolder(source), tasks);
            if (run.Evaluations.Count > 0) evaluated.Add(run);
            else remark($"Left out: '{run.Place}' has not evaluated its policy yet.");
        }

        if (evaluated.Count == 0) throw new RunDataException("None of these runs has evaluated its policy yet: wait for the end of an epoch.");
        return [.. evaluated.GroupBy(run => run.Task).Select(group => Of(group.Key, OncePerSeed([.. group], remark), tasks))];
    }

    private static TaskRuns Of(string name, IReadOnlyList<RecordedRun> runs, TaskCatalog tasks)
    {
        var known = tasks.Tasks.FirstOrDefault(task => task.Name == name);
        return new TaskRuns(name, runs, known?.Published ?? [], known?.Threshold);
    }

    // A run and its own continuation, copy or curve file are not two seeds.
    private static IReadOnlyList<RecordedRun> OncePerSeed(IReadOnlyList<RecordedRun> runs, Action<string> remark)
    {
        var longest = runs.GroupBy(run => (run.Group, run.Seed)).Select(same => same.MaxBy(run => run.Evaluations[^1].Step)!).ToHashSet();
        foreach (var run in runs.Where(run => !longest.Contains(run)))
        {
            var other = longest.First(one => (one.Group, one.Seed) == (run.Group, run.Seed));
            remark(
                Invariant($"Left out: '{run.Place}' is the same run as '{other.Place}', which went as far or further (seed {run.Seed}, ") +
                    "the same options).");
        }

        return [.. runs.Where(longest.Contains)];
    }
}
