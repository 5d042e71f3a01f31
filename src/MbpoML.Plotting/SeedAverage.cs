namespace MbpoML.Plotting;

/// <summary>Mean and spread over the runs of one algorithm, at every step that any of them measured within the range that all of them cover.</summary>
/// <remarks>Runs measured at other steps are interpolated linearly. The standard deviation is the sample's (divided by runs - 1), 0 for a single run.</remarks>
public sealed class SeedAverage
{
    /// <summary>Takes an average that was made elsewhere; the lists are copied.</summary>
    /// <param name="algorithm">What was run.</param>
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
                $"\"{algorithm}\" has the deviations [{string.Join(", ", standardDeviation)}]; needed are {curve.Steps.Count} of them, one a step, finite and not negative.", nameof(standardDeviation));
        (Algorithm, Runs, Steps, Mean, StandardDeviation) = (algorithm, runs, curve.Steps, curve.Returns, [.. standardDeviation]);
    }

    /// <summary>What was run.</summary>
    public string Algorithm { get; }

    /// <summary>The number of runs averaged.</summary>
    public int Runs { get; }

    /// <summary>Environment steps, ascending.</summary>
    public IReadOnlyList<double> Steps { get; }

    /// <summary>The mean return over the runs at each step.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>The standard deviation of the return over the runs at each step.</summary>
    public IReadOnlyList<double> StandardDeviation { get; }

    /// <summary>The same without what lies beyond a step.</summary>
    /// <param name="step">The last step to keep.</param>
    /// <returns>Null where everything lies beyond.</returns>
    public SeedAverage? UpTo(double step) =>
        Steps.TakeWhile(one => one <= step).Count() is var kept and > 0 ? new SeedAverage(Algorithm, Runs, [.. Steps.Take(kept)], [.. Mean.Take(kept)], [.. StandardDeviation.Take(kept)]) : null;

    /// <summary>Averages the runs of one algorithm.</summary>
    /// <param name="curves">One or more curves of the same name whose ranges of steps overlap.</param>
    /// <exception cref="ArgumentException">There is no curve, names differ, or no step lies within all ranges.</exception>
    public static SeedAverage Of(IReadOnlyList<LearningCurve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        foreach (var curve in curves) ArgumentNullException.ThrowIfNull(curve, nameof(curves));
        if (curves.Select(curve => curve.Algorithm).Distinct().Count() != 1)
            throw new ArgumentException($"One or more curves of one algorithm are averaged, but these were given: [{string.Join(", ", curves.Select(curve => curve.Algorithm))}].", nameof(curves));
        var (start, end) = (curves.Max(curve => curve.Steps[0]), curves.Min(curve => curve.Steps[^1]));
        if (start > end)
            throw new ArgumentException($"The runs of \"{curves[0].Algorithm}\" have no step in common: one starts at {start}, another ends at {end}.", nameof(curves));

        var steps = curves.SelectMany(curve => curve.Steps).Where(step => step >= start && step <= end).Distinct().Order().ToArray();
        var mean = new double[steps.Length];
        var deviation = new double[steps.Length];
        for (var index = 0; index < steps.Length; index++)
        {
            var returns = curves.Select(curve => curve.At(steps[index])).ToArray();
            var average = returns.Average();
            mean[index] = average;
            if (returns.Length > 1) deviation[index] = Math.Sqrt(returns.Sum(value => (value - average) * (value - average)) / (returns.Length - 1));
        }

        return new SeedAverage(curves[0].Algorithm, curves.Count, steps, mean, deviation);
    }
}
