using static System.FormattableString;

namespace MbpoML.Benchmarks.LivePage;

/// <summary>What the live page has to keep with 50 runs of 1000 epochs.</summary>
internal static class LivePageBars
{
    private const int MostRuns = 50, MostEpochs = 1000;
    private const double MostSecondsToOpen = 1, MostSecondsToShow = 2, MostMegabytes = 200;

    /// <summary>A sentence for each bar that is missed; none with more runs or epochs than the bars are for.</summary>
    /// <param name="size">Runs on the page, and epochs of each.</param>
    /// <param name="opened">Seconds until the page was open, each time.</param>
    /// <param name="shown">Seconds until a new epoch was shown, each time.</param>
    /// <param name="memory">The most memory of the server, in MiB.</param>
    public static IEnumerable<string> Missed((int Runs, int Epochs) size, IEnumerable<double> opened, IEnumerable<double> shown, double memory)
    {
        if (size is not { Runs: <= MostRuns, Epochs: <= MostEpochs }) yield break;
        var (opening, showing, megabytes) = (opened.Max(), shown.Max(), memory * 1024 * 1024 / 1e6);
        if (opening > MostSecondsToOpen) yield return Invariant($"Missed: the page took {opening:g3} s to open; at most {MostSecondsToOpen} s are allowed.");
        if (showing > MostSecondsToShow) yield return Invariant($"Missed: a new epoch showed after {showing:g3} s; at most {MostSecondsToShow} s are allowed.");
        if (megabytes > MostMegabytes) yield return Invariant($"Missed: the server took {megabytes:F0} MB; at most {MostMegabytes} MB are allowed.");
    }
}
