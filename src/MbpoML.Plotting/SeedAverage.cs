namespace MbpoML.Plotting;

/// <summary>Mean and spread over the runs of one algorithm, at every step that any of them measured, over those that were under way there.</summary>
/// <remarks>
/// Runs measured at other steps are interpolated linearly; a run counts from its first to its last step, so that one that ended early shortens no other
/// (<see cref="Counts"/>). The standard deviation is the sample's (divided by runs - 1), 0 where there is a single run.
/// </remarks>
public sealed class SeedAverage
{
    /// <summary>Takes an average that was made elsewhere; the lists are copied.</summary>
    /// <param name="algorithm">The name of the algorithm that was run, not blank.</param>
    /// <param name="runs">The number of runs averaged, at least 1.</param>
    /// <param name="steps">Environment steps, finite and strictly ascending, one or more of them.</param>
    /// <param name="mean">The mean return at each of the steps, finite.</param>
    /// <param name="standardDeviation">The standard deviation of the return at each of the steps, finite and not negative.</param>
    /// <exception cref="ArgumentException">The lists are empty, differ in length, do not ascend or hold what is not finite.</exception>
    public SeedAverage(string algorithm, int runs, IReadOnlyList<double> steps, IReadOnlyList<double> mean, IReadOnlyList<double> standardDeviation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(standardDeviation);
        // The rules for names, steps and returns are those of a single run.
        var curve = new LearningCurve(algorithm, steps, mean);
        if (standardDeviation.Count != curve.Steps.Count || standardDeviation.Any(deviation => !double.IsFinite(deviation) || deviation < 0))
            throw new ArgumentException(
                $"\"{algorithm}\" has the deviations [{string.Join(", ", standardDeviation.Select(value => Invariant($"{value}")))}]; needed are " +
                    $"{curve.Steps.Count} of them, one a step, finite and not negative.", nameof(standardDeviation));
        (Algorithm, Runs, Steps, Mean, StandardDeviation, Counts) =
            (algorithm, runs, curve.Steps, curve.Returns, [.. standardDeviation], [.. Enumerable.Repeat(runs, curve.Steps.Count)]);
    }

    private SeedAverage(string algorithm, int runs, IReadOnlyList<double> steps, IReadOnlyList<double> mean, IReadOnlyList<double> standardDeviation,
        IReadOnlyList<int> counts)
        : this(algorithm, runs, steps, mean, standardDeviation) => Counts = counts;

    /// <summary>The name of the algorithm that was run.</summary>
    public string Algorithm { get; }

    /// <summary>The number of runs averaged, those that ended early included.</summary>
    public int Runs { get; }

    /// <summary>The number of runs that were under way at each step; at most <see cref="Runs"/>.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>The numbers of environment steps, ascending.</summary>
    public IReadOnlyList<double> Steps { get; }

    /// <summary>The mean return over the runs at each step.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>The standard deviation of the return over the runs at each step.</summary>
    public IReadOnlyList<double> StandardDeviation { get; }

    /// <summary>The same without what lies beyond a step; there it ends on the straight line to its next point, where it has one.</summary>
    /// <param name="step">The last environment step to keep.</param>
    /// <returns>Null where everything lies beyond.</returns>
    public SeedAverage? UpTo(double step)
    {
        var kept = Steps.TakeWhile(one => one <= step).Count();
        if (kept == 0) return null;
        if (kept == Steps.Count || Steps[kept - 1] == step)
            return new SeedAverage(Algorithm, Runs, [.. Steps.Take(kept)], [.. Mean.Take(kept)], [.. StandardDeviation.Take(kept)], [.. Counts.Take(kept)]);
        var (mean, deviation) = (new LearningCurve(Algorithm, Steps, Mean), new LearningCurve(Algorithm, Steps, StandardDeviation));
        return new SeedAverage(
            Algorithm, Runs, [.. Steps.Take(kept), step], [.. Mean.Take(kept), mean.At(step)], [.. StandardDeviation.Take(kept), deviation.At(step)],
            [.. Counts.Take(kept), Math.Min(Counts[kept - 1], Counts[kept])]);
    }

    /// <summary>Averages the runs of one algorithm.</summary>
    /// <param name="curves">One or more curves of the same name.</param>
    /// <exception cref="ArgumentException">There is no curve, or names differ.</exception>
    public static SeedAverage Of(IReadOnlyList<LearningCurve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        foreach (var curve in curves) ArgumentNullException.ThrowIfNull(curve, nameof(curves));
        if (curves.Select(curve => curve.Algorithm).Distinct().Count() != 1)
            throw new ArgumentException(
                $"One or more curves of one algorithm are averaged, but these were given: [{string.Join(", ", curves.Select(curve => curve.Algorithm))}].",
                nameof(curves));

        var steps = curves.SelectMany(curve => curve.Steps).Distinct().Order().ToArray();
        var mean = new double[steps.Length];
        var deviation = new double[steps.Length];
        var counts = new int[steps.Length];
        for (var index = 0; index < steps.Length; index++)
        {
            var step = steps[index];
            var returns = curves.Where(curve => curve.Steps[0] <= step && step <= curve.Steps[^1]).Select(curve => curve.At(step)).ToArray();
            var average = returns.Average();
            (mean[index], counts[index]) = (average, returns.Length);
            if (returns.Length > 1) deviation[index] = Math.Sqrt(returns.Sum(value => (value - average) * (value - average)) / (returns.Length - 1));
        }

        return new SeedAverage(curves[0].Algorithm, curves.Count, steps, mean, deviation, counts);
    }
}
