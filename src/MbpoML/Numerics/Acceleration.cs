namespace MbpoML.Numerics;

/// <summary>Which implementation of a training step runs; both give the same results up to rounding.</summary>
public enum Acceleration
{
    /// <summary>The fastest for the device: fused kernels on the CPU, automatic differentiation elsewhere.</summary>
    Auto,

    /// <summary>Automatic differentiation on every device: slower, shorter, the one to read and to change.</summary>
    Reference,
}
