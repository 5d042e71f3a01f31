namespace MbpoML.Experiments.Reports;

/// <summary>The steps that the tables of a task have rows for, and the window around each in which evaluations are averaged.</summary>
/// <remarks>
/// The published curves are means over 2600 steps before and after each 5000th; so are the rows of the tasks that have some. Other rows reach as far in
/// proportion. A mean around a step needs an evaluation at or before it and one at or after it: what was evaluated later only belongs to later steps.
/// </remarks>
internal sealed class ReturnWindow
{
    private const int MostRows = 12;
    private const int PublishedSpacing = 5000;
    private const int PublishedHalfWidth = 2600;

    private static readonly int[] PublishedRows =
        [5000, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000, 75_000, 100_000, 125_000, 200_000, 300_000];

    private static readonly int[] Spacings = [25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000];

    private readonly long _lastStep;

    /// <summary>Chooses rows and window.</summary>
    /// <param name="runs">The runs of the task.</param>
    /// <param name="every">Steps between two rows; null for those of the published curves, or such that there are at most twelve.</param>
    public ReturnWindow(TaskRuns runs, int? every)
    {
        _lastStep = runs.LastStep;
        // Runs that end before the first published value have rows of their own.
        var isPublished = runs.Published.Count > 0 && _lastStep >= PublishedSpacing;
        var spacing = every ?? (isPublished ? PublishedSpacing : Spacings.FirstOrDefault(one => (double)_lastStep / one <= MostRows, Spacings[^1]));
        Spacing = spacing;
        HalfWidth = isPublished && spacing % PublishedSpacing == 0 ? PublishedHalfWidth : spacing * ((double)PublishedHalfWidth / PublishedSpacing);
        Rows = isPublished && every is null ? [.. PublishedRows.Append((int)Grid.Last()).Where(step => step <= _lastStep).Distinct().Order()]
            : [.. Grid.Select(step => (int)step)];
    }

    /// <summary>The steps between two places of the grid that thresholds are looked for on.</summary>
    public int Spacing { get; }

    /// <summary>How far a window reaches to each side of its step.</summary>
    public double HalfWidth { get; }

    /// <summary>The steps that have rows, ascending.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The multiples of <see cref="Spacing"/> up to the last step of the runs.</summary>
    public IEnumerable<long> Grid
    {
        get
        {
            for (long step = Spacing; step <= _lastStep; step += Spacing) yield return step;
        }
    }

    /// <summary>What a group reached around a step; null where no seed has evaluations on both sides of it.</summary>
    public WindowMean? Around(IEnumerable<RecordedRun> group, long step)
    {
        RecordedRun[] counted = [.. group.Where(
            run => run.Evaluations[0].Step <= step && run.Evaluations[^1].Step >= step && run.Evaluations.Any(point => IsNear(point.Step, step)))];
        if (counted.Length == 0) return null;
        RunEvaluation[][] near = [.. counted.Select(run => run.Evaluations.Where(point => IsNear(point.Step, step)).ToArray())];
        double[] returns = [.. near.Select(points => points.Average(point => point.Return))];
        return new WindowMean(
            returns.Average(), returns.Length > 1 ? SeedSpread.Deviation(returns) : null, returns.Length, near.Min(points => points.Min(point => point.Return)),
            near.Sum(points => points.Length), counted.Any(run => IsCut(run, step)), counted.Average(run => SecondsAt(run, step)));
    }

    private bool IsNear(double evaluated, long step) => Math.Abs(evaluated - step) <= HalfWidth;

    // Whether an evaluation before the run's first or after its last, as far away as the next one is, would count, too.
    private bool IsCut(RecordedRun run, long step)
    {
        var points = run.Evaluations;
        return points.Count == 1 || IsNear(points[0].Step - (points[1].Step - points[0].Step), step) ||
            IsNear(points[^1].Step + (points[^1].Step - points[^2].Step), step);
    }

    // On the straight line between the evaluations around the step.
    private static double SecondsAt(RecordedRun run, long step)
    {
        var after = run.Evaluations.First(point => point.Step >= step);
        var before = run.Evaluations.Last(point => point.Step <= step);
        return after.Step == before.Step ? after.Seconds
            : before.Seconds + ((after.Seconds - before.Seconds) * (step - before.Step) / (after.Step - before.Step));
    }
}
