namespace MbpoML.Plotting;

/// <summary>Mean and spread over the runs of one algorithm, at every step that any of them measured within the range that all of them cover.</summary>
/// <remarks>Runs measured at other steps are interpolated linearly. The standard deviation is the sample's (divided by runs - 1), 0 for a single run.</remarks>
public sealed class SeedAverage
{
    private SeedAverage(string algorithm, int runs, double[] steps, double[] mean, double[] standardDeviation) =>
        (Algorithm, Runs, Steps, Mean, StandardDeviation) = (algorithm, runs, steps, mean, standardDeviation);

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
