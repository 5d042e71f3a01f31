using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using static TorchSharp.torch;

namespace MbpoML.Policies.OnPolicy;

/// <summary>
/// A dense network with tanh layers whose derivatives are formed by hand: J·v along a direction of the weights, and Jᵀ·g from a gradient of the outputs.
/// Each is one pass of the size of the forward one.
/// </summary>
/// <param name="shape">Layers, all hidden ones tanh; their numbers stand in one flat vector.</param>
internal sealed class TanhNetwork(NetworkShape shape)
{
    /// <summary>The layers.</summary>
    public NetworkShape Shape => shape;

    /// <summary>The forward pass.</summary>
    /// <param name="parameters">[parameters or more]; the first are the network's.</param>
    /// <param name="input">[rows, in]</param>
    /// <returns>The inputs of all layers, and last the outputs [rows, out]; left to the caller's dispose scope.</returns>
    public Tensor[] Forward(Tensor parameters, Tensor input)
    {
        var values = new Tensor[shape.Layers + 1];
        values[0] = input;
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var sum = addmm(Bias(parameters, layer), values[layer], Weights(parameters, layer), 1, 1);
            values[layer + 1] = layer < shape.Layers - 1 ? sum.tanh_() : sum;
        }

        return values;
    }

    /// <summary>Jᵀ·g: the gradient of the weights.</summary>
    /// <param name="parameters">As for <see cref="Forward"/>.</param>
    /// <param name="values">What <see cref="Forward"/> gave.</param>
    /// <param name="outputGradient">[rows, out]</param>
    /// <returns>[parameters]</returns>
    public Tensor Backward(Tensor parameters, Tensor[] values, Tensor outputGradient)
    {
        var parts = new Tensor[2 * shape.Layers];
        var gradient = outputGradient;
        for (var layer = shape.Layers - 1; layer >= 0; layer--)
        {
            parts[2 * layer] = values[layer].t().mm(gradient).view(-1);
            parts[(2 * layer) + 1] = gradient.sum(0L);
            if (layer > 0) gradient = gradient.mm(Weights(parameters, layer).t()).mul_(Slope(values[layer]));
        }

        return cat(parts, 0);
    }

    /// <summary>J·v: how the outputs move when the weights move along a direction.</summary>
    /// <param name="parameters">As for <see cref="Forward"/>.</param>
    /// <param name="values">What <see cref="Forward"/> gave.</param>
    /// <param name="direction">[parameters or more]</param>
    /// <returns>[rows, out]</returns>
    public Tensor Tangent(Tensor parameters, Tensor[] values, Tensor direction)
    {
        var moved = addmm(Bias(direction, 0), values[0], Weights(direction, 0), 1, 1);
        for (var layer = 1; layer < shape.Layers; layer++)
        {
            moved = moved.mul_(Slope(values[layer]));
            moved = addmm(moved.mm(Weights(parameters, layer)).AddInPlace(Bias(direction, layer)), values[layer], Weights(direction, layer), 1, 1);
        }

        return moved;
    }

    private Tensor Weights(Tensor flat, int layer) =>
        flat.narrow(0, shape.WeightOffset(layer), (long)shape.In(layer) * shape.Out(layer)).view(shape.In(layer), shape.Out(layer));

    private Tensor Bias(Tensor flat, int layer) => flat.narrow(0, shape.BiasOffset(layer), shape.Out(layer));

    // 1 - tanh².
    private static Tensor Slope(Tensor value) => value.Squared().neg_().AddInPlace(1.0);
}
