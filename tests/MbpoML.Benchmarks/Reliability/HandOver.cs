using System.Globalization;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>How long it took until a run whose worker was gone went on elsewhere.</summary>
/// <param name="Lease">Seconds until somebody else had its lease.</param>
/// <param name="Training">Seconds until a process trained it.</param>
internal sealed record HandOver(double Lease, double Training)
{
    /// <summary>Tells the middle, the 95th percentile and the longest of some times.</summary>
    public static void Tell(string what, IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}, {sorted.Length} times: median {sorted[sorted.Length / 2]:F1} s, 95 % within {sorted[(int)(0.95 * (sorted.Length - 1))]:F1} s, ") +
            string.Create(CultureInfo.InvariantCulture, $"longest {sorted[^1]:F1} s"));
    }
}
