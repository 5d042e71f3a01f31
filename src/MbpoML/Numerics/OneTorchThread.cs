using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace MbpoML.Numerics;

/// <summary>Work in which torch's own threads inside an operation would only get in the way: small matrices, or threads of ours that are each their core's only user.</summary>
internal static class OneTorchThread
{
    private static readonly ConcurrentBag<WorkerThread> Idle = [];

    /// <summary>Does the work with one torch thread: on the calling thread where it uses no more, else on another that is waited for, which takes some ten microseconds.</summary>
    /// <param name="work">Opens dispose scopes and switches gradients off by itself: those of the calling thread do not hold on another.</param>
    public static void Run(Action work)
    {
        if (get_num_threads() == 1)
        {
            work();
            return;
        }

        var worker = Idle.TryTake(out var idle) ? idle : NewWorker();
        try
        {
            worker.Run(work);
        }
        finally
        {
            // As many as can be at work at once are kept.
            if (Idle.Count < Environment.ProcessorCount) Idle.Add(worker);
            else worker.Dispose();
        }
    }

    private static WorkerThread NewWorker()
    {
        var worker = new WorkerThread("MbpoML torch");
        worker.Run(() => TorchThreads.Set(1));
        return worker;
    }
}
