using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Torch;

/// <summary>The memory of tensors as spans.</summary>
internal static class TensorMemory
{
    /// <summary>The values of a contiguous float tensor on the CPU, shared; valid while the tensor lives.</summary>
    public static Span<float> Floats(this Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
