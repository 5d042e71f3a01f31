using MbpoML.Experiments.Reports;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Comparisons;

/// <summary>What one algorithm reached on the task of a comparison.</summary>
/// <param name="Algorithm">The algorithm that the runs are of.</param>
/// <param name="Runs">Its runs, a seed each.</param>
/// <param name="DecisionTimes">The median time of a decision of each seed's policy; a seed without a policy has none.</param>
public sealed record ComparedAlgorithm(Algorithm Algorithm, IReadOnlyList<RecordedRun> Runs, IReadOnlyList<TimeSpan> DecisionTimes)
{
    // Of the steps that were planned.
    private const double LastPart = 0.25;

    /// <summary>For each seed the mean of its evaluations in the last quarter of the steps; a seed that did not come so far has none.</summary>
    public IReadOnlyList<double> LastReturns =>
        [.. Runs.Select(run => Late(run).DefaultIfEmpty(double.NaN).Average()).Where(double.IsFinite)];

    /// <summary>For each seed its best evaluation, a figure that luck lifts, but that papers on planners draw.</summary>
    public IReadOnlyList<double> BestReturns =>
        [.. Runs.Where(run => run.Evaluations.Count > 0).Select(run => run.Evaluations.Max(point => point.Return))];

    /// <summary>Mean seconds of training of a seed.</summary>
    public double TrainingSeconds => Runs.Count == 0 ? 0 : Runs.Average(run => run.Seconds);

    /// <summary>Mean time of a decision; null where no seed has a policy.</summary>
    public TimeSpan? DecisionTime => DecisionTimes.Count == 0 ? null : TimeSpan.FromTicks((long)DecisionTimes.Average(time => time.Ticks));

    private static IEnumerable<double> Late(RecordedRun run) =>
        run.Evaluations.Where(point => point.Step > (1 - LastPart) * run.PlannedSteps).Select(point => point.Return);
}
