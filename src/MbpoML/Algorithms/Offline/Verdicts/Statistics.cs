namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>Means and spreads of a few numbers.</summary>
internal static class Statistics
{
    private const double Normal95 = 1.96;

    /// <summary>The mean, and half of its 95 % interval.</summary>
    public static (double Mean, double HalfWidth) Mean(IReadOnlyCollection<double> values) =>
        (values.Average(), Normal95 * Deviation(values) / Math.Sqrt(values.Count));

    /// <summary>The sample standard deviation; 0 of a single number.</summary>
    public static double Deviation(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2) return 0;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    /// <summary>Half of a 95 % interval from so many independent causes.</summary>
    public static double Together(params ReadOnlySpan<double> halfWidths)
    {
        var sum = 0.0;
        foreach (var half in halfWidths) sum += half * half;
        return Math.Sqrt(sum);
    }

    /// <summary>The correlation coefficient; NaN where one side never changes.</summary>
    public static double Correlation(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        var (meanFirst, meanSecond) = (first.Average(), second.Average());
        var (product, squares, otherSquares) = (0.0, 0.0, 0.0);
        for (var index = 0; index < first.Count; index++)
        {
            var (one, other) = (first[index] - meanFirst, second[index] - meanSecond);
            product += one * other;
            squares += one * one;
            otherSquares += other * other;
        }

        // Where one side never changes, this is 0 / 0.
        return product / Math.Sqrt(squares * otherSquares);
    }
}
