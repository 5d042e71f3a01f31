using static TorchSharp.torch;

namespace MbpoML.Tests;

/// <summary>How many tensors live in the process.</summary>
internal static class LiveTensors
{
    /// <summary>The number once the finalizers of what other tests left have run: they would else lower it in the middle of a test.</summary>
    public static long Settled()
    {
        // A finalizer may free what made further objects unreachable.
        for (var round = 0; round < 2; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return Tensor.TotalCount;
    }
}
