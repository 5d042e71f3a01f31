using static TorchSharp.torch;

namespace MbpoML.Numerics.Networks;

/// <summary>
/// The layers of a dense network, and where they stand in a flat buffer of its own: for each layer the weights [in, out], row-major, and then the biases [out].
/// </summary>
/// <remarks>
/// The last layer is linear. One buffer makes the gradient one tensor and the optimizer one pass. G networks of one shape are the rows of
/// [G, <see cref="ParameterCount"/>].
/// </remarks>
internal sealed class NetworkShape
{
    private readonly HiddenLayer[] _hidden;
    private readonly int[] _sizes;
    private readonly long[] _splits;
    private readonly int[] _offsets;

    /// <summary>Hidden layers that differ in their sizes only.</summary>
    /// <param name="inputs">Values of a row that goes in, at least 1.</param>
    /// <param name="hidden">Units of each hidden layer; one or more.</param>
    /// <param name="outputs">Values of a row that comes out, at least 1.</param>
    /// <param name="activation">The activation of all hidden layers.</param>
    public NetworkShape(int inputs, IReadOnlyList<int> hidden, int outputs, Activation activation)
        : this(inputs, [.. Check.HiddenSizes(hidden).Select(units => new HiddenLayer(units, activation))], outputs)
    {
    }

    /// <summary>Hidden layers that may differ in everything.</summary>
    /// <param name="inputs">Values of a row that goes in, at least 1.</param>
    /// <param name="hidden">One or more.</param>
    /// <param name="outputs">Values of a row that comes out, at least 1.</param>
    public NetworkShape(int inputs, IReadOnlyList<HiddenLayer> hidden, int outputs)
    {
        _hidden = [.. hidden];
        foreach (var layer in _hidden)
        {
            Check.Within(0, Math.BitDecrement(1.0), layer.Dropout);
            if (layer.NormEpsilon is { } epsilon) Check.Positive(epsilon, nameof(HiddenLayer.NormEpsilon));
        }

        _sizes = [Check.AtLeast(1, inputs), .. Check.HiddenSizes([.. _hidden.Select(layer => layer.Units)], nameof(hidden)), Check.AtLeast(1, outputs)];
        _splits = new long[2 * Layers];
        for (var layer = 0; layer < Layers; layer++) (_splits[2 * layer], _splits[(2 * layer) + 1]) = ((long)In(layer) * Out(layer), Out(layer));
        _offsets = new int[_splits.Length + 1];
        // Two products of the largest sizes are more than a long holds.
        var parameters = _splits.Sum(split => (double)split);
        if (parameters > Array.MaxLength)
            throw new ArgumentOutOfRangeException(
                nameof(hidden), $"[{Listed.Of(_sizes[1..^1])}]",
                Invariant($"A network of these HiddenSizes has {parameters:g3} parameters, more than an array can hold."));
        for (var part = 0; part < _splits.Length; part++) _offsets[part + 1] = _offsets[part] + (int)_splits[part];
    }

    /// <summary>The number of weight matrices: hidden layers and one.</summary>
    public int Layers => _sizes.Length - 1;

    public int ParameterCount => _offsets[^1];

    public int Inputs => _sizes[0];

    public int Outputs => _sizes[^1];

    /// <summary>The hidden layers, first to last.</summary>
    public IReadOnlyList<HiddenLayer> Hidden => _hidden;

    public int In(int layer) => _sizes[layer];

    public int Out(int layer) => _sizes[layer + 1];

    /// <summary>Where the weights of a layer begin in the flat buffer.</summary>
    public int WeightOffset(int layer) => _offsets[2 * layer];

    /// <summary>Where the biases of a layer begin in the flat buffer.</summary>
    public int BiasOffset(int layer) => _offsets[(2 * layer) + 1];

    /// <summary>Fresh parameters as Keras makes them, as the official code does: Glorot-uniform weights (limit √(6 / (in + out))) and zero biases.</summary>
    /// <returns>[networks, parameters] on the CPU, so that a seed gives the same weights for every device; the caller disposes it.</returns>
    public Tensor Initialize(int networks, Generator generator)
    {
        var flat = zeros(networks, ParameterCount, ScalarType.Float32);
        for (var network = 0; network < networks; network++)
        {
            for (var layer = 0; layer < Layers; layer++)
            {
                var limit = Math.Sqrt(6.0 / (In(layer) + Out(layer)));
                using var row = flat.select(0, network);
                using var weights = row.narrow(0, WeightOffset(layer), _splits[2 * layer]);
                weights.uniform_(-limit, limit, generator);
            }
        }
        return flat;
    }

    /// <summary>The layers of G networks as views; differentiable.</summary>
    /// <param name="parameters">[networks, parameters]; the gradient of the split is one concatenation, so it is flat too.</param>
    /// <returns>Views that are left to the caller's dispose scope.</returns>
    public LayerTensors Split(Tensor parameters)
    {
        var networks = parameters.size(0);
        var parts = parameters.split(_splits, 1);
        return new LayerTensors(
            this,
            [.. Enumerable.Range(0, Layers).Select(layer => parts[2 * layer].view(networks, In(layer), Out(layer)))],
            [.. Enumerable.Range(0, Layers).Select(layer => parts[(2 * layer) + 1].unsqueeze(1))]);
    }

    /// <summary>The outputs of G networks, each on its own batch; differentiable.</summary>
    /// <param name="parameters">[networks, parameters]</param>
    /// <param name="input">[networks, batch, inputs]</param>
    /// <returns>[networks, batch, outputs]; intermediate tensors are left to the caller's dispose scope.</returns>
    public Tensor Forward(Tensor parameters, Tensor input) => Split(parameters).Forward(input, BiasAddition.AfterProduct);
}
