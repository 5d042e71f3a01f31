using System.Diagnostics;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>How long a study took.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="Training">Processor seconds of its runs.</param>
/// <param name="Beside">Processor seconds of everything beside them.</param>
internal sealed record StudyTime(double Seconds, double Training, double Beside)
{
    /// <summary>
    /// Processor seconds of training in a second. The work of the runs is the same whoever starts them, so that a slow minute of the machine counts less than
    /// by the clock. Training that takes more processor time itself is not seen: <see cref="Training"/> tells it.
    /// </summary>
    public double Rate => Training / Seconds;

    /// <summary>Measures a study.</summary>
    /// <param name="work">Runs it.</param>
    /// <param name="processes">The processes that have a part in it, beside those of the runs.</param>
    public static async Task<StudyTime> OfAsync(Func<Task> work, IReadOnlyList<int> processes)
    {
        var (start, before) = (Stopwatch.GetTimestamp(), ProcessorTime.Of(processes));
        await work();
        var (seconds, used) = (Stopwatch.GetElapsedTime(start).TotalSeconds, ProcessorTime.Of(processes) - before);
        return new StudyTime(seconds, used.Children, used.Own);
    }
}
