using static TorchSharp.torch;

namespace MbpoML.Numerics;

/// <summary>Work whose threads are ours: each is its core's only user, and torch's own threads inside an operation would only get in the way.</summary>
internal static class OneTorchThread
{
    /// <summary>Runs the work with one torch thread on the calling thread, and gives the number back.</summary>
    public static void Run(Action work)
    {
        var threads = get_num_threads();
        if (threads != 1) set_num_threads(1);
        try
        {
            work();
        }
        finally
        {
            if (threads != 1) set_num_threads(threads);
        }
    }
}
