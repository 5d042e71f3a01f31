namespace MbpoML.Experiments.Reports;

/// <summary>Mean and sample standard deviation over runs, place by place.</summary>
public static class SeedSpread
{
    /// <summary>The mean at each place that all runs have.</summary>
    /// <param name="runs">One or more runs, [run][place].</param>
    /// <exception cref="ArgumentException">There is no run.</exception>
    public static double[] Mean(IReadOnlyList<IReadOnlyList<double>> runs) => [.. Places(runs).Select(place => runs.Average(run => run[place]))];

    /// <summary>The sample's standard deviation at each place that all runs have; null for a single run, which has no spread.</summary>
    /// <param name="runs">One or more runs, [run][place].</param>
    /// <exception cref="ArgumentException">There is no run.</exception>
    public static double[]? Deviation(IReadOnlyList<IReadOnlyList<double>> runs)
    {
        var places = Places(runs);
        return runs.Count < 2 ? null : [.. places.Select(place => Deviation([.. runs.Select(run => run[place])]))];
    }

    /// <summary>The sample's standard deviation; 0 of a single number.</summary>
    /// <param name="values">The numbers whose spread is measured, one or more.</param>
    /// <exception cref="ArgumentException">There is no number.</exception>
    public static double Deviation(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0) throw new ArgumentException("values is empty, but a deviation is that of one or more numbers.", nameof(values));
        var mean = values.Average();
        return values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => Math.Pow(value - mean, 2)) / (values.Count - 1));
    }

    private static IEnumerable<int> Places(IReadOnlyList<IReadOnlyList<double>> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0) throw new ArgumentException("runs is empty, but a mean is that of one or more runs.", nameof(runs));
        foreach (var run in runs) ArgumentNullException.ThrowIfNull(run, nameof(runs));
        return Enumerable.Range(0, runs.Min(run => run.Count));
    }
}
