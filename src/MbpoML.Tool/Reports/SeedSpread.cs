namespace MbpoML.Tool.Reports;

/// <summary>Mean and sample standard deviation over runs, place by place.</summary>
internal static class SeedSpread
{
    public static double[] Mean(IReadOnlyList<IReadOnlyList<double>> runs) => [.. Places(runs).Select(place => runs.Average(run => run[place]))];

    /// <summary>Null for a single run, which has no spread.</summary>
    public static double[]? Deviation(IReadOnlyList<IReadOnlyList<double>> runs) => runs.Count < 2 ? null : [.. Places(runs).Select(place => Deviation([.. runs.Select(run => run[place])]))];

    /// <summary>The sample's standard deviation; 0 of a single number.</summary>
    public static double Deviation(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => Math.Pow(value - mean, 2)) / (values.Count - 1));
    }

    private static IEnumerable<int> Places(IReadOnlyList<IReadOnlyList<double>> runs) => Enumerable.Range(0, runs.Min(run => run.Count));
}
