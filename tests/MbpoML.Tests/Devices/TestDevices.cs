using MbpoML.Numerics.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Devices;

/// <summary>The devices that tests run on.</summary>
internal static class TestDevices
{
    /// <summary>
    /// Tensors without values: torch works out their shapes and checks that they stand on one device, and every attempt to read a value throws.
    /// </summary>
    public static Device Meta => new(DeviceType.META);

    /// <summary>The CPU always, CUDA where this machine has it: nothing is ever skipped, and a machine with a GPU tests it without being told.</summary>
    public static IEnumerable<string> Names()
    {
        // Asked while tests are discovered, before anything else: torch must load the way that MbpoML loads it.
        TorchRuntime.EnsureAvailable();
        yield return "cpu";
        if (cuda_is_available()) yield return "cuda";
    }
}
