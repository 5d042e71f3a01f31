
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Reports;

/// <summary>All recorded runs of one task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Runs">Those that have evaluated at least once.</param>
public sealed record TaskRuns(TrainingTask Task, IReadOnlyList<RecordedRun> Runs)
{
    // Whom the paper and its successors are measured by.
    private static readonly string[] Compared = ["MBPO", "SAC", "MACURA", "DHMBPO"];

    /// <summary>The last step at which any of them has evaluated.</summary>
    public double LastStep { get; } = Runs.Max(run => run.Evaluations[^1].Step);

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

    /// <summary>What is published of this task, by those that it is compared with; empty where nothing is.</summary>
    public IReadOnlyList<PublishedReturns> Published => [.. Compared.SelectMany(algorithm => Task.Published.Where(curve => curve.Algorithm == algorithm))];

    /// <summary>Reads runs and sorts them by task.</summary>
    /// <param name="paths">Folders of runs, or folders that hold some.</param>
    /// <param name="tasks">The tasks that the runs may name.</param>
    /// <param name="remark">Is told what is left out, and why: what holds no run, runs without an evaluation, and a seed that is there twice.</param>
    /// <exception cref="RunDataException">None of them has evaluated yet.</exception>
    /// <exception cref="RunSpecException">A path is not there, there is no run in any of them, or a file of options cannot be read.</exception>
    public static IReadOnlyList<TaskRuns> Read(IReadOnlyList<string> paths, TaskCatalog tasks, Action<string> remark)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(remark);
        var evaluated = new List<RecordedRun>();
        foreach (var run in RunFolders.All(paths, remark).Select(folder => RecordedRun.Read(folder, tasks)))
        {
            if (run.Evaluations.Count > 0) evaluated.Add(run);
            else remark($"Left out: '{run.Folder.Path}' has not evaluated its policy yet.");
        }

        TaskRuns[] all = [.. evaluated.GroupBy(run => run.Options.Task.Name)
            .Select(group => new TaskRuns(group.First().Options.Task, OncePerSeed([.. group], remark)))];
        return all.Length > 0 ? all : throw new RunDataException("None of these runs has evaluated its policy yet: wait for the end of an epoch.");
    }

    // A run and its own continuation, or copy, are not two seeds.
    private static IReadOnlyList<RecordedRun> OncePerSeed(IReadOnlyList<RecordedRun> runs, Action<string> remark)
    {
        var longest = runs.GroupBy(run => (run.Group, run.Options.Seed)).Select(same => same.MaxBy(run => run.Evaluations[^1].Step)!).ToHashSet();
        foreach (var run in runs.Where(run => !longest.Contains(run)))
        {
            var other = longest.First(one => (one.Group, one.Options.Seed) == (run.Group, run.Options.Seed));
            remark(
                Invariant($"Left out: '{run.Folder.Path}' is the same run as '{other.Folder.Path}', which went as far or further (seed {run.Options.Seed}, ") +
                    "the same options).");
        }

        return [.. runs.Where(longest.Contains)];
    }
}
