using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Networks;

/// <summary>
/// The layers of networks of one shape as tensors, and the forward pass by tensor operations: differentiable, on any device, the truth that
/// <see cref="NetworkPass"/> is tested against.
/// </summary>
/// <param name="Shape">The layers' kinds and sizes.</param>
/// <param name="Weights">One a layer: [networks, in, out], or [in, out] of a single network.</param>
/// <param name="Biases">One a layer: [networks, 1, out], or [1, out] of a single network.</param>
internal sealed record LayerTensors(NetworkShape Shape, IReadOnlyList<Tensor> Weights, IReadOnlyList<Tensor> Biases)
{
    /// <summary>One network of several, as views.</summary>
    public LayerTensors Network(int index) =>
        new(Shape, [.. Weights.Select(weights => weights.select(0, index))], [.. Biases.Select(biases => biases.select(0, index))]);

    /// <summary>From inputs to the last layer's outputs.</summary>
    /// <param name="input">[networks, batch, in], or [batch, in] of a single network.</param>
    /// <param name="addition">How biases are added.</param>
    /// <param name="kept">What the sums of each hidden layer are multiplied with (<see cref="Dropout.Mask"/>), or null for a pass without dropout.</param>
    /// <returns>[networks, batch, out], or [batch, out]; intermediate tensors are left to the caller's dispose scope.</returns>
    public Tensor Forward(Tensor input, BiasAddition addition, IReadOnlyList<Tensor>? kept = null)
    {
        var value = Sum(input, 0, addition);
        for (var layer = 1; layer < Shape.Layers; layer++)
        {
            if (kept is not null) value = value.mul(kept[layer - 1]);
            value = Activate(value, Shape.Hidden[layer - 1]);
            value = Sum(value, layer, addition);
        }
        return value;
    }

    private Tensor Sum(Tensor input, int layer, BiasAddition addition)
    {
        var (weights, biases) = (Weights[layer], Biases[layer]);
        if (addition == BiasAddition.AfterProduct) return (input.dim() == 3 ? input.bmm(weights) : input.mm(weights)).AddInPlace(biases);
        // TorchSharp's method permutes its arguments: this is biases + input @ weights.
        return input.dim() == 3 ? input.baddbmm(weights, biases) : addmm(biases, input, weights, 1, 1);
    }

    // In place where automatic differentiation does not need what is overwritten.
    private static Tensor Activate(Tensor sum, HiddenLayer layer)
    {
        var value = layer.Activation switch
        {
            Activation.Relu => sum.relu_(),
            Activation.Silu => sum.requires_grad ? sum.silu() : sum.silu_(),
            Activation.Tanh => sum.tanh_(),
            _ => throw new NotSupportedException($"{layer.Activation} is no known activation."),
        };
        return layer.NormEpsilon is { } epsilon ? nn.functional.layer_norm(value, [layer.Units], eps: epsilon) : value;
    }
}
