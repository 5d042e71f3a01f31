using System.Globalization;

namespace MbpoML.Orleans.Tests.Chaos;

/// <summary>How long it took until a run whose worker was gone went on elsewhere.</summary>
/// <param name="Fault">What happened to the worker.</param>
/// <param name="Lease">Seconds until somebody else had its lease.</param>
/// <param name="Training">Seconds until an epoch more was trained.</param>
/// <param name="OtherFaults">Faults that came between.</param>
/// <param name="IsLost">Whether the waiting was given up: the times that were waited for are then at least these.</param>
internal sealed record HandOver(string Fault, double Lease, double Training, int OtherFaults, bool IsLost = false)
{
    /// <summary>Tells the middle, the 95th percentile and the longest of some times.</summary>
    public static void Tell(string what, IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        if (sorted.Length == 0) return;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}, {sorted.Length} times: median {sorted[sorted.Length / 2]:F1} s, 95 % within {Within95(sorted):F1} s, ") +
            string.Create(CultureInfo.InvariantCulture, $"longest {sorted[^1]:F1} s"));
    }

    /// <summary>Whether the 95th percentile of the times until somebody else had the lease is no longer than a time; true without any.</summary>
    public static bool AreWithin(double seconds, IEnumerable<HandOver> handOvers)
    {
        double[] sorted = [.. handOvers.Select(one => one.Lease).Order()];
        return sorted.Length == 0 || Within95(sorted) <= seconds;
    }

    // The least time within which 95 of 100 were done: of 34 all but one.
    private static double Within95(double[] sorted) => sorted[(int)Math.Ceiling(0.95 * sorted.Length) - 1];
}
