using System.Diagnostics;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>How long a study took.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="Ends">Those of them before the first run had begun and after the last one was done: once a study, however long it is.</param>
/// <param name="Training">Processor seconds of its runs.</param>
/// <param name="Beside">Processor seconds of everything beside them.</param>
internal sealed record StudyTime(double Seconds, double Ends, double Training, double Beside)
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Processor seconds of training in a second. The work of the runs is the same whoever starts them, so that a slow minute of the machine counts less than
    /// by the clock. Training that takes more processor time itself is not seen: <see cref="Training"/> tells it.
    /// </summary>
    public double Rate => Training / Seconds;

    /// <summary>The same from the begin of the first run to the end of the last one.</summary>
    public double LastingRate => Training / (Seconds - Ends);

    /// <summary>Measures a study.</summary>
    /// <param name="work">Runs it.</param>
    /// <param name="folder">Where its runs will lie, alone.</param>
    /// <param name="processes">The processes that have a part in it, beside those of the runs.</param>
    public static async Task<StudyTime> OfAsync(Func<Task> work, string folder, IReadOnlyList<int> processes)
    {
        var (start, before) = (Stopwatch.GetTimestamp(), ProcessorTime.Of(processes));
        var running = work();
        while (!running.IsCompleted && !Files(folder, "options.json").Any()) await Task.WhenAny(running, Task.Delay(_look));
        var first = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await running;
        var (seconds, used) = (Stopwatch.GetElapsedTime(start).TotalSeconds, ProcessorTime.Of(processes) - before);
        var last = Files(folder, "report.json").Max(File.GetLastWriteTimeUtc);
        return new StudyTime(seconds, first + (DateTime.UtcNow - last).TotalSeconds, used.Children, used.Own);
    }

    private static IEnumerable<string> Files(string folder, string name) =>
        Directory.EnumerateFiles(folder, name, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true });
}
