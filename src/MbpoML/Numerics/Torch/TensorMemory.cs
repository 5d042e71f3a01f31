using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Torch;

/// <summary>The memory of tensors as spans.</summary>
internal static class TensorMemory
{
    /// <summary>The values of a contiguous float tensor on the CPU, shared; valid while the tensor lives.</summary>
    public static Span<float> Floats(this Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>
    /// A tensor of an array's numbers in memory of torch's own. What torch makes of an array lies wherever the array does, and matrix products round by where
    /// their operands lie: the same numbers would give another result in another run.
    /// </summary>
    public static Tensor Aligned(float[] values)
    {
        using var unaligned = tensor(values);
        return unaligned.clone();
    }

    /// <summary>As for single precision.</summary>
    public static Tensor Aligned(double[] values)
    {
        using var unaligned = tensor(values);
        return unaligned.clone();
    }
}
