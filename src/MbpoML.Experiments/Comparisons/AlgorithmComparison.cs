using System.Globalization;
using MbpoML.Experiments.Evaluations;
using MbpoML.Experiments.Reports;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Comparisons;

/// <summary>Several algorithms on one task, with the same steps and the same seeds.</summary>
/// <param name="Task">The task that all algorithms learn.</param>
/// <param name="Steps">Real steps of each run, random exploration included.</param>
/// <param name="Results">The algorithms, in the order in which they were asked for.</param>
public sealed record AlgorithmComparison(TrainingTask Task, int Steps, IReadOnlyList<ComparedAlgorithm> Results)
{
    // Other starts than those of training and its evaluations.
    private const int SeedOffset = 2000;

    /// <summary>Reads the runs, and measures how long each policy thinks: on a machine that does nothing else meanwhile.</summary>
    /// <param name="task">The task that all algorithms learn.</param>
    /// <param name="steps">Real steps of each run.</param>
    /// <param name="runs">The folders of each algorithm's runs.</param>
    /// <param name="tasks">The tasks that the runs may name.</param>
    /// <exception cref="RunDataException">Metrics or a policy cannot be read.</exception>
    /// <exception cref="RunSpecException">Options cannot be read.</exception>
    public static AlgorithmComparison Read(
        TrainingTask task, int steps, IReadOnlyList<(Algorithm Algorithm, IReadOnlyList<RunFolder> Folders)> runs, TaskCatalog tasks)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(tasks);
        return new AlgorithmComparison(
            task, steps, [.. runs.Select(run => new ComparedAlgorithm(
                run.Algorithm, [.. run.Folders.Select(folder => InStepsOf(task, RecordedRun.Read(folder, tasks), tasks))],
                [.. run.Folders.SelectMany(folder => Decide(folder, tasks))]))]);
    }

    /// <summary>How many steps of a task one step of another view of it takes, such as its pictures, which repeat each action.</summary>
    /// <param name="task">The task whose steps are counted.</param>
    /// <param name="seen">The other view of the same task.</param>
    /// <returns>At least 1; 1 where one of them has episodes of any length.</returns>
    public static int RepeatOf(TrainingTask task, TrainingTask seen)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(seen);
        if (task == seen) return 1;
        using var whole = task.Create();
        using var repeated = seen.Create();
        return whole.MaxEpisodeSteps is { } steps && repeated.MaxEpisodeSteps is { } calls ? Math.Max(1, steps / calls) : 1;
    }

    private static RecordedRun InStepsOf(TrainingTask task, RecordedRun run, TaskCatalog tasks)
    {
        if (run.Task == task.Name) return run;
        var repeat = RepeatOf(task, tasks.Named(run.Task));
        return run with
        {
            Steps = repeat * run.Steps,
            PlannedSteps = repeat * run.PlannedSteps,
            Evaluations = [.. run.Evaluations.Select(point => point with { Step = repeat * point.Step })],
        };
    }

    /// <summary>A table with a row for each algorithm: returns, seconds of training and time of a decision.</summary>
    public string ToMarkdown()
    {
        List<string> lines =
        [
            Invariant($"### {MarkdownText.Plain(Task.Name)}, {ReportCells.Whole(Steps)} steps"), "",
            ReportCells.Line(["algorithm", "seeds", "return, last quarter", "best evaluation", "seconds of training a seed", "milliseconds a decision"]),
            ReportCells.Rule(6),
        ];
        foreach (var result in Results)
            lines.Add(ReportCells.Line(
                [
                    result.Algorithm.Label, result.Runs.Count.ToString(CultureInfo.InvariantCulture), Cell(result.LastReturns), Cell(result.BestReturns),
                    ReportCells.Whole(result.TrainingSeconds), result.DecisionTime is { } time ? Milliseconds(time) : ReportCells.None,
                ]));
        return string.Join('\n', lines) + "\n";
    }

    // A run that failed before its first checkpoint has no policy.
    private static IEnumerable<TimeSpan> Decide(RunFolder folder, TaskCatalog tasks)
    {
        if (!folder.CanResume && !File.Exists(folder.Policy)) yield break;
        var options = RunOptions.Read(folder.Options, tasks);
        using var environment = options.Task.Create();
        using var trained = TrainedPolicy.Of(folder, tasks);
        yield return DecisionTime.Measure(trained.Policy, environment, SeedOffset + options.Seed);
    }

    private static string Cell(IReadOnlyList<double> values) => values.Count == 0 ? ReportCells.None
        : ReportCells.Of(values.Average(), values.Count > 1 ? SeedSpread.Deviation(values) : null, values.Count);

    private static string Milliseconds(TimeSpan time) =>
        time.TotalMilliseconds.ToString(time.TotalMilliseconds < 10 ? "F2" : "F0", CultureInfo.InvariantCulture);
}
