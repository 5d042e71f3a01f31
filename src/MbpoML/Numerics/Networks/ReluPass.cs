using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Numerics.Networks;

/// <summary>A hidden layer max(0, x·W + b): its output says where the gradient passes, so nothing else is kept.</summary>
internal sealed class ReluPass : HiddenPass
{
    public ReluPass(int units, int rows)
        : this(new Matrix(rows, units), new Matrix(rows, units))
    {
    }

    private ReluPass(Matrix output, Matrix delta) => (Output, Delta) = (output, delta);

    public override Matrix Output { get; }

    public override Matrix Delta { get; }

    public override HiddenPass Rows(int start, int count) => new ReluPass(Output.Rows(start, count), Delta.Rows(start, count));

    public override void Forward(ReadOnlySpan<float> biases, RandomSource? dropout) => ReluKernels.AddBias(Output.Values, biases);

    public override void Backward(Span<float> biasGradient)
    {
        if (biasGradient.IsEmpty) ReluKernels.Mask(Delta.Values, Output.Values);
        else ReluKernels.MaskAndSum(Delta.Values, Output.Values, biasGradient);
    }

    public override void ForwardDot(ReadOnlySpan<float> biases, ReadOnlySpan<float> weights, float bias, RandomSource? dropout, Span<float> values) =>
        ReluKernels.AddBiasDot(Output.Values, biases, weights, bias, values);

    public override void BackwardDot(ReadOnlySpan<float> valueDelta, ReadOnlySpan<float> weights, Span<float> weightGradient, Span<float> biasGradient)
    {
        if (weightGradient.IsEmpty) base.BackwardDot(valueDelta, weights, weightGradient, biasGradient);
        else ReluKernels.DotBackward(valueDelta, weights, Output.Values, Delta.Values, weightGradient, biasGradient);
    }

    public override void Dispose()
    {
        Output.Dispose();
        Delta.Dispose();
    }
}
