namespace MbpoML.Benchmarks.Reliability;

/// <summary>A straight line through readings, by least squares.</summary>
/// <param name="Mean">The mean of the readings.</param>
/// <param name="PerHour">The slope.</param>
/// <param name="Error">The standard error of the slope.</param>
internal sealed record Trend(double Mean, double PerHour, double Error)
{
    public static Trend Of(IReadOnlyList<double> hours, IReadOnlyList<double> values)
    {
        var (center, mean) = (hours.Average(), values.Average());
        var spread = hours.Sum(hour => Math.Pow(hour - center, 2));
        var slope = hours.Zip(values, (hour, value) => (hour - center) * (value - mean)).Sum() / spread;
        var residuals = hours.Zip(values, (hour, value) => Math.Pow(value - mean - (slope * (hour - center)), 2)).Sum();
        return new Trend(mean, slope, Math.Sqrt(residuals / Math.Max(1, values.Count - 2) / spread));
    }

    /// <summary>Whether the line is flat: it changes less in an hour than that part of the mean, or less than two standard errors tell from nothing.</summary>
    public bool IsFlat(double part) => Math.Abs(PerHour) <= Math.Max(part * Math.Abs(Mean), 2 * Error);
}
