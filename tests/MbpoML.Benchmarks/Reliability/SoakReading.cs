using System.Diagnostics;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>What the process holds at a moment, and how fast it was since the reading before.</summary>
/// <param name="Hours">Hours since the beginning.</param>
/// <param name="ResidentMegabytes">Memory of the process, native memory included.</param>
/// <param name="ManagedMegabytes">What the garbage collector keeps after a full collection.</param>
/// <param name="OpenFiles">File handles, sockets and pipes included; but for the assemblies of .NET, which it opens when they are first needed.</param>
/// <param name="Threads">The threads of the process.</param>
/// <param name="UpdatesPerSecond">Policy updates per second of processor time, with all that belongs to them: other programs on the machine do not
/// count.</param>
internal sealed record SoakReading(double Hours, double ResidentMegabytes, double ManagedMegabytes, double OpenFiles, double Threads, double UpdatesPerSecond)
{
    private const string Handles = "/proc/self/fd";

    /// <summary>Reads now.</summary>
    /// <param name="elapsed">Since the beginning.</param>
    /// <param name="updates">Policy updates since the reading before.</param>
    /// <param name="processorTime">Processor time since the reading before.</param>
    public static SoakReading Take(TimeSpan elapsed, long updates, TimeSpan processorTime)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        using var process = Process.GetCurrentProcess();
        var files = Directory.Exists(Handles) ? new DirectoryInfo(Handles).EnumerateFileSystemInfos().Count(IsOpenedByUs) : process.HandleCount;
        return new SoakReading(
            elapsed.TotalHours, process.WorkingSet64 / 1e6, (heap.HeapSizeBytes - heap.FragmentedBytes) / 1e6, files, process.Threads.Count,
            updates / Math.Max(1e-9, processorTime.TotalSeconds));
    }

    // One that was closed since it was listed has no target any more.
    private static bool IsOpenedByUs(FileSystemInfo handle) => handle.LinkTarget is { } target && !target.EndsWith(".dll", StringComparison.Ordinal);
}
