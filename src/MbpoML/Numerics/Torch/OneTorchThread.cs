using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Torch;

/// <summary>
/// Work in which torch's own threads inside an operation would only get in the way: small matrices, or threads of ours that are each their core's only user.
/// </summary>
internal static class OneTorchThread
{
    private static readonly ConcurrentBag<WorkerThread> Idle = [];

    /// <summary>
    /// The most pieces of work that may go on at once for the calling thread. Torch says how many threads it has; in a container it does not know that the
    /// process may use fewer.
    /// </summary>
    public static int MostPieces => Math.Min(Environment.ProcessorCount, get_num_threads());

    /// <summary>
    /// Does the work with one torch thread: on the calling thread where it uses no more, else on another that is waited for, which takes some ten microseconds.
    /// </summary>
    /// <param name="work">Opens dispose scopes and switches gradients off by itself: those of the calling thread do not hold on another.</param>
    public static void Run(Action work)
    {
        if (get_num_threads() == 1)
        {
            work();
            return;
        }

        var worker = Take();
        try
        {
            worker.Run(work);
        }
        finally
        {
            GiveBack(worker);
        }
    }

    /// <summary>Does pieces of work side by side, each on a thread that has one torch thread, and waits for all of them.</summary>
    /// <param name="pieces">How many, at least 1.</param>
    /// <param name="work">Is given the number of its piece, from 0; the rest is as for <see cref="Run"/>.</param>
    public static void RunEach(int pieces, Action<int> work)
    {
        if (pieces == 1)
        {
            Run(() => work(0));
            return;
        }

        var workers = Enumerable.Range(0, pieces).Select(_ => Take()).ToArray();
        for (var piece = 0; piece < pieces; piece++)
        {
            var number = piece;
            workers[piece].Begin(() => work(number));
        }

        Exception? first = null;
        foreach (var worker in workers)
        {
            worker.Wait();
            first = worker.TakeFailure() is { } failure ? first ?? failure : first;
            GiveBack(worker);
        }

        if (first is not null) ExceptionDispatchInfo.Throw(first);
    }

    // As many as can be at work at once are kept.
    private static void GiveBack(WorkerThread worker)
    {
        if (Idle.Count < Environment.ProcessorCount) Idle.Add(worker);
        else worker.Dispose();
    }

    private static WorkerThread Take()
    {
        if (Idle.TryTake(out var idle)) return idle;
        var worker = new WorkerThread("MbpoML torch");
        worker.Run(() => TorchThreads.Set(1));
        return worker;
    }
}
