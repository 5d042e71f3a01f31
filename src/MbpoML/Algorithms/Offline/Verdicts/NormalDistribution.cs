namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>
    /// The probability of a value below a number, by the approximation 26.2.17 of M. Abramowitz and I. Stegun, "Handbook of mathematical functions", whose
    /// error is below 7.5e-8.
    /// </summary>
    public static double Below(double value)
    {
        var term = 1 / (1 + (0.2316419 * Math.Abs(value)));
        var sum = term * (0.319381530 + (term * (-0.356563782 + (term * (1.781477937 + (term * (-1.821255978 + (term * 1.330274429))))))));
        var tail = sum * Math.Exp(-value * value / 2) / Math.Sqrt(2 * Math.PI);
        return value >= 0 ? 1 - tail : tail;
    }
}
