using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Numerics.Networks;

/// <summary>One hidden layer of a pass: what it keeps from the forward pass for the backward pass, and what both do beside the matrix products.</summary>
internal abstract class HiddenPass : IDisposable
{
    /// <summary>What the layer gives; before <see cref="Forward"/> its inputs' product with the weights. [rows, units]</summary>
    public abstract Matrix Output { get; }

    /// <summary>
    /// The derivative of the loss by <see cref="Output"/>, for the caller to fill, and after the backward pass that by the layer's sums. [rows, units]
    /// </summary>
    /// <remarks>It may be the memory of the output, which nobody needs any more by then: less memory means more of it in the cache.</remarks>
    public abstract Matrix Delta { get; }

    /// <summary>Memory for a layer of its kind.</summary>
    public static HiddenPass Create(HiddenLayer layer, int rows) => layer.IsPlainRelu ? new ReluPass(layer.Units, rows) : new SlopedPass(layer, rows);

    /// <summary>A block of the rows, sharing memory.</summary>
    public abstract HiddenPass Rows(int start, int count);

    /// <summary>From the product to the output.</summary>
    /// <param name="biases">[units]</param>
    /// <param name="dropout">Where dropped units are drawn from, or null for none.</param>
    public abstract void Forward(ReadOnlySpan<float> biases, RandomSource? dropout);

    /// <summary>From the derivative by the output to that by the sums, both in <see cref="Delta"/>.</summary>
    /// <param name="biasGradient">[units], to which the gradient is added, or empty where it is not wanted.</param>
    public abstract void Backward(Span<float> biasGradient);

    /// <summary><see cref="Forward"/> of the last hidden layer below a last layer of one output.</summary>
    /// <param name="biases">[units]</param>
    /// <param name="weights">The weights of the last layer: [units]</param>
    /// <param name="bias">The bias of the last layer.</param>
    /// <param name="dropout">Where dropped units are drawn from, or null for none.</param>
    /// <param name="values">[rows]</param>
    public virtual void ForwardDot(ReadOnlySpan<float> biases, ReadOnlySpan<float> weights, float bias, RandomSource? dropout, Span<float> values)
    {
        Forward(biases, dropout);
        RowKernels.Dot(Output.Values, weights, bias, values);
    }

    /// <summary>The backward pass from a last layer of one output through this layer.</summary>
    /// <param name="valueDelta">The derivative by the output of the last layer: [rows]</param>
    /// <param name="weights">The weights of the last layer: [units]</param>
    /// <param name="weightGradient">[units], to which the gradient is added, or empty where none is wanted.</param>
    /// <param name="biasGradient">The gradient of the bias of this layer: [units], to which the gradient is added, or empty.</param>
    public virtual void BackwardDot(ReadOnlySpan<float> valueDelta, ReadOnlySpan<float> weights, Span<float> weightGradient, Span<float> biasGradient)
    {
        RowKernels.DotBackward(valueDelta, weights, Output.Values, Delta.Values, weightGradient);
        Backward(biasGradient);
    }

    public abstract void Dispose();
}
