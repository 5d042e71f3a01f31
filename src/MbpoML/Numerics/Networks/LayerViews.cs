using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Networks;

/// <summary>
/// The layers of one network, of its parameters or of their gradient, as matrices and spans over memory on the CPU that is shared with tensors.
/// </summary>
internal sealed class LayerViews : IDisposable
{
    private readonly Matrix[] _weights;
    private readonly Tensor[] _biases;
    private readonly Tensor? _flat;

    /// <summary>A network whose parameters follow each other as <see cref="NetworkShape"/> says.</summary>
    /// <param name="shape">Where the layers stand.</param>
    /// <param name="flat">[parameters], contiguous, on the CPU; this view of the memory is disposed with this object.</param>
    public LayerViews(NetworkShape shape, Tensor flat)
    {
        using var scope = NewDisposeScope();
        _flat = flat.DetachFromDisposeScope();
        (_weights, _biases) = Views(shape.Split(flat.unsqueeze(0)).Network(0));
    }

    /// <summary>A network whose layers stand anywhere.</summary>
    /// <param name="network">The parameters of a single network: contiguous, on the CPU.</param>
    public LayerViews(LayerTensors network)
    {
        using var scope = NewDisposeScope();
        (_weights, _biases) = Views(network);
    }

    /// <summary>Memory for one network's gradient, all zeros.</summary>
    public static LayerViews Zeros(NetworkShape shape) => new(shape, zeros(shape.ParameterCount, ScalarType.Float32));

    /// <summary>The number of weight matrices.</summary>
    public int Count => _weights.Length;

    /// <summary>All parameters in their order: [parameters]; only of a network that stands in a flat buffer of its own.</summary>
    public Span<float> Values => (_flat ?? throw new InvalidOperationException("The layers of this network do not follow each other in memory.")).Floats();

    /// <summary>[in, out]</summary>
    public Matrix Weights(int layer) => _weights[layer];

    /// <summary>The weights of a last layer of one output: [in].</summary>
    public Span<float> LastWeights => _weights[^1].Values;

    /// <summary>[out]</summary>
    public Span<float> Biases(int layer) => _biases[layer].Floats();

    /// <summary>Where a layer's weights begin in the memory that the views share.</summary>
    public int WeightOffset(int layer) => (int)_weights[layer].Tensor.storage_offset();

    /// <summary>Where a layer's biases begin in the memory that the views share.</summary>
    public int BiasOffset(int layer) => (int)_biases[layer].storage_offset();

    public void Dispose()
    {
        foreach (var weights in _weights) weights.Dispose();
        foreach (var biases in _biases) biases.Dispose();
        _flat?.Dispose();
    }

    private static (Matrix[] Weights, Tensor[] Biases) Views(LayerTensors network) =>
        ([.. network.Weights.Select(weights => new Matrix(weights.detach()))], [.. network.Biases.Select(biases => biases.detach().DetachFromDisposeScope())]);
}
