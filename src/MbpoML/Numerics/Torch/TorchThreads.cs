using static TorchSharp.torch;

namespace MbpoML.Numerics.Torch;

/// <summary>How many threads torch uses inside an operation of the calling thread, without a trace in the rest of the process.</summary>
/// <remarks>
/// <see cref="set_num_threads"/> sets two numbers: that of the calling thread, and that of the process, which every thread takes over when it uses torch for
/// the first time. The second belongs to nobody here: runs that overlap in time could not even give it back. So a thread that has not used torch yet reads it
/// before, and puts it back at once.
/// </remarks>
internal static class TorchThreads
{
    private static readonly Lock Gate = new();

    /// <summary>Uses so many threads on the calling thread until the result is disposed, on the same thread.</summary>
    public static Lease Use(int threads) => new(Set(threads));

    /// <summary>Uses so many threads on the calling thread from now on.</summary>
    /// <returns>How many it used before.</returns>
    public static int Set(int threads)
    {
        lock (Gate)
        {
            var before = get_num_threads();
            if (before != threads) SetForThisThread(threads);
            return before;
        }
    }

    private static void SetForThisThread(int threads)
    {
        using var read = new ManualResetEventSlim();
        using var changed = new ManualResetEventSlim();
        var keeper = new Thread(() =>
        {
            var ofProcess = get_num_threads();
            read.Set();
            changed.Wait();
            set_num_threads(ofProcess);
        })
        { IsBackground = true, Name = "MbpoML torch threads" };
        keeper.Start();
        read.Wait();
        set_num_threads(threads);
        changed.Set();
        keeper.Join();
    }

    /// <summary>Gives the calling thread its number of threads back. The default value gives nothing back.</summary>
    public readonly ref struct Lease(int before)
    {
        public void Dispose()
        {
            if (before > 0) Set(before);
        }
    }
}
