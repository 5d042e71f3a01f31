namespace MbpoML.Numerics.Networks;

/// <summary>Biases and any <see cref="Activation"/> in one pass over memory. Matrices are row-major without gaps; any width works.</summary>
internal static class ActivationKernels
{
    /// <summary>matrix = f(matrix + bias), row by row.</summary>
    public static void AddBias(Activation activation, Span<float> matrix, ReadOnlySpan<float> bias)
    {
        switch (activation)
        {
            case Activation.Relu: ReluKernels.AddBias(matrix, bias); break;
            case Activation.Silu: SiluKernels.AddBias(matrix, bias); break;
            case Activation.Tanh: TanhKernels.AddBias(matrix, bias); break;
            default: throw new NotSupportedException($"{activation} is no known activation.");
        }
    }

    /// <summary>The same, which also keeps f'(matrix + bias) for the backward pass.</summary>
    public static void AddBias(Activation activation, Span<float> matrix, ReadOnlySpan<float> bias, Span<float> derivative)
    {
        switch (activation)
        {
            case Activation.Relu: ReluKernels.AddBias(matrix, bias, derivative); break;
            case Activation.Silu: SiluKernels.AddBias(matrix, bias, derivative); break;
            case Activation.Tanh: TanhKernels.AddBias(matrix, bias, derivative); break;
            default: throw new NotSupportedException($"{activation} is no known activation.");
        }
    }
}
