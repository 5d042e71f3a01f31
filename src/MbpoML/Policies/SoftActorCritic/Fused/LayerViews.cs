using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Policies.Fused;

/// <summary>The layers of one network inside a flat buffer, of its parameters or of their gradient.</summary>
internal sealed class LayerViews : IDisposable
{
    private readonly NetworkShape _shape;
    private readonly Matrix[] _weights;

    /// <param name="shape">Where the layers stand.</param>
    /// <param name="flat">[parameters], contiguous, on the CPU; the view is disposed with this object.</param>
    public LayerViews(NetworkShape shape, Tensor flat)
    {
        _shape = shape;
        Flat = flat.DetachFromDisposeScope();
        _weights = new Matrix[shape.Layers];
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            using var part = flat.narrow(0, shape.WeightOffset(layer), shape.In(layer) * shape.Out(layer));
            _weights[layer] = new Matrix(part.view(shape.In(layer), shape.Out(layer)));
        }
    }

    public Tensor Flat { get; }

    public Span<float> Values => Flat.Floats();

    /// <summary>[in, out]</summary>
    public Matrix Weights(int layer) => _weights[layer];

    /// <summary>Of a last layer of one output: [in].</summary>
    public Span<float> LastWeights => _weights[^1].Values;

    /// <summary>[out]</summary>
    public Span<float> Biases(int layer) => Values.Slice(_shape.BiasOffset(layer), _shape.Out(layer));

    public void Dispose()
    {
        foreach (var weights in _weights) weights.Dispose();
        Flat.Dispose();
    }
}
