using System.Numerics.Tensors;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;

namespace MbpoML.Numerics.Networks;

/// <summary>A hidden layer of any kind, which keeps the slopes of its activation, dropout included, and what its rows were normalised with.</summary>
internal sealed class SlopedPass : HiddenPass
{
    // Rows that go through all of a layer's steps together stay in the innermost cache.
    private const int ChunkRows = 16;

    private readonly HiddenLayer _layer;
    private readonly Matrix _slopes;
    private readonly Memory<float> _scales;
    private readonly float[] _zeros;

    public SlopedPass(HiddenLayer layer, int rows)
    {
        _layer = layer;
        (Output, _slopes) = (new Matrix(rows, layer.Units), new Matrix(rows, layer.Units));
        // The backward pass through a normalisation still needs the output.
        Delta = layer.NormEpsilon is null ? Output : new Matrix(rows, layer.Units);
        _scales = layer.NormEpsilon is null ? default : new float[rows];
        _zeros = layer.Dropout > 0 ? new float[layer.Units] : [];
    }

    private SlopedPass(SlopedPass whole, int start, int count)
    {
        (_layer, _zeros, Output, _slopes) = (whole._layer, whole._zeros, whole.Output.Rows(start, count), whole._slopes.Rows(start, count));
        Delta = whole.Delta == whole.Output ? Output : whole.Delta.Rows(start, count);
        _scales = whole._scales.IsEmpty ? default : whole._scales.Slice(start, count);
    }

    public override Matrix Output { get; }

    public override Matrix Delta { get; }

    public override HiddenPass Rows(int start, int count) => new SlopedPass(this, start, count);

    public override void Forward(ReadOnlySpan<float> biases, RandomSource? dropout)
    {
        var output = Output.Values;
        var slopes = _slopes.Values;
        if (dropout is not null && _layer.Dropout > 0) ForwardDropped(biases, dropout, output, slopes);
        else if (_layer.NormEpsilon is null) ActivationKernels.AddBias(_layer.Activation, output, biases, slopes);
        else ForwardNormalized(biases, output, slopes);
    }

    public override void Backward(Span<float> biasGradient)
    {
        var delta = Delta.Values;
        var slopes = _slopes.Values;
        if (_layer.NormEpsilon is not null) LayerNormKernels.Back(delta, Output.Values, _layer.Units, _scales.Span);
        if (biasGradient.IsEmpty) TensorPrimitives.Multiply(delta, slopes, delta);
        else RowKernels.MultiplyAndSum(delta, slopes, biasGradient);
    }

    public override void Dispose()
    {
        Output.Dispose();
        _slopes.Dispose();
        if (Delta != Output) Delta.Dispose();
    }

    private void ForwardNormalized(ReadOnlySpan<float> biases, Span<float> output, Span<float> slopes)
    {
        for (var start = 0; start < output.Length; start += ChunkRows * _layer.Units)
        {
            var length = Math.Min(ChunkRows * _layer.Units, output.Length - start);
            ActivationKernels.AddBias(_layer.Activation, output.Slice(start, length), biases, slopes.Slice(start, length));
            Normalize(output, start, length);
        }
    }

    private void ForwardDropped(ReadOnlySpan<float> biases, RandomSource stream, Span<float> output, Span<float> slopes)
    {
        var dropped = new Dropout(_layer.Dropout, stream);
        var scale = Dropout.Scale(_layer.Dropout);
        for (var start = 0; start < output.Length; start += ChunkRows * _layer.Units)
        {
            var length = Math.Min(ChunkRows * _layer.Units, output.Length - start);
            var values = output.Slice(start, length);
            var derivatives = slopes.Slice(start, length);
            RowKernels.AddBias(values, biases);
            TensorPrimitives.Multiply(values, scale, values);
            ActivationKernels.AddBias(_layer.Activation, values, _zeros, derivatives);
            TensorPrimitives.Multiply(derivatives, scale, derivatives);
            // An activation gives 0 for a dropped sum.
            dropped.Drop(values, derivatives);
            Normalize(output, start, length);
        }
    }

    private void Normalize(Span<float> output, int start, int length)
    {
        if (_layer.NormEpsilon is not { } epsilon) return;
        var scales = _scales.Span.Slice(start / _layer.Units, length / _layer.Units);
        LayerNormKernels.Apply(output.Slice(start, length), _layer.Units, (float)epsilon, scales);
    }
}
