using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Fused;

/// <summary>The layers of one member, of its parameters or of their gradient, as matrices and spans.</summary>
internal sealed class MemberLayers : IDisposable
{
    private readonly Matrix[] _weights;
    private readonly Tensor[] _biases;

    private MemberLayers(IEnumerable<Tensor> weights, IEnumerable<Tensor> biases)
    {
        _weights = [.. weights.Select(view => new Matrix(view))];
        _biases = [.. biases.Select(view => view.DetachFromDisposeScope())];
    }

    public int Count => _weights.Length;

    /// <summary>All members of a network; they share its memory.</summary>
    public static MemberLayers[] Of(EnsembleNetwork network)
    {
        var values = network.Values;
        return [.. Enumerable.Range(0, network.MemberCount).Select(member =>
            new MemberLayers(values.Weights.Select(weights => weights.select(0, member)), values.Biases.Select(biases => biases.select(0, member))))];
    }

    /// <summary>Memory of the same shape for one member's gradient.</summary>
    public MemberLayers EmptyLike() => new([.. _weights.Select(weights => empty_like(weights.Tensor))], [.. _biases.Select(biases => empty_like(biases))]);

    /// <summary>[in, out]</summary>
    public Matrix Weights(int layer) => _weights[layer];

    /// <summary>[out]</summary>
    public Span<float> Biases(int layer) => _biases[layer].Floats();

    /// <summary>Where a layer's weights begin in the network's flat tensor.</summary>
    public int WeightOffset(int layer) => (int)_weights[layer].Tensor.storage_offset();

    /// <summary>Where a layer's biases begin in the network's flat tensor.</summary>
    public int BiasOffset(int layer) => (int)_biases[layer].storage_offset();

    public void Dispose()
    {
        foreach (var weights in _weights) weights.Dispose();
        foreach (var biases in _biases) biases.Dispose();
    }
}
