using System.Globalization;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>How long it took until a run whose worker was gone went on elsewhere.</summary>
/// <param name="Fault">What happened to the worker.</param>
/// <param name="Lease">Seconds until somebody else had its lease.</param>
/// <param name="Training">Seconds until an epoch more was trained.</param>
/// <param name="OtherFaults">Faults that came between.</param>
internal sealed record HandOver(string Fault, double Lease, double Training, int OtherFaults)
{
    /// <summary>Tells the middle, the 95th percentile and the longest of some times.</summary>
    public static void Tell(string what, IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        if (sorted.Length == 0) return;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}, {sorted.Length} times: median {sorted[sorted.Length / 2]:F1} s, 95 % within {sorted[(int)(0.95 * (sorted.Length - 1))]:F1} s, ") +
            string.Create(CultureInfo.InvariantCulture, $"longest {sorted[^1]:F1} s"));
    }
}
