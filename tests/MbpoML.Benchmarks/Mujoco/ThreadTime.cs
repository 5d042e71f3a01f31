using System.Runtime.InteropServices;

namespace MbpoML.Benchmarks.Mujoco;

/// <summary>The time that this thread has spent on a processor, which what else the machine does does not lengthen. Linux only.</summary>
internal static partial class ThreadTime
{
    // CLOCK_THREAD_CPUTIME_ID of Linux.
    private const int ThreadClock = 3;

    /// <summary>Seconds.</summary>
    public static double Now => Read(ThreadClock, out var time) == 0
        ? time.Seconds + (1e-9 * time.Nanoseconds)
        : throw new PlatformNotSupportedException("The system has no clock for the time of a thread.");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
