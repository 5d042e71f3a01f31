using MbpoML.Environments;
using MbpoML.Numerics.Scaling;
using static TorchSharp.torch;

namespace MbpoML.Policies.OnPolicy;

/// <summary>
/// A Gaussian policy as the numbers of an actor: scales become part of the first layer, and deviations that no state changes are weights of zero with biases
/// log σ.
/// </summary>
internal static class GaussianExport
{
    /// <summary>The range of the log deviations.</summary>
    public static readonly (float Low, float High) Range = (GaussianPolicy.LowestLogDeviation, GaussianPolicy.HighestLogDeviation);

    /// <summary>The actor.</summary>
    /// <param name="policy">The sizes.</param>
    /// <param name="parameters">[parameters], on the CPU</param>
    /// <param name="scale">How observations reach the network.</param>
    /// <param name="actions">The actions, with finite bounds.</param>
    public static ActorParameters ToActor(GaussianPolicy policy, Tensor parameters, Standardizer scale, BoxSpace actions)
    {
        using var scope = NewDisposeScope();
        var shape = policy.Mean.Shape;
        var (weights, biases) = (new List<float[]>(), new List<float[]>());
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var weight = parameters.narrow(0, shape.WeightOffset(layer), (long)shape.In(layer) * shape.Out(layer)).view(shape.In(layer), shape.Out(layer));
            var bias = parameters.narrow(0, shape.BiasOffset(layer), shape.Out(layer));
            if (layer == 0)
            {
                // x·W + b with x = (o - mean) / deviation is o·W' + b' with W' = W / deviation and b' = b - mean·W'.
                weight = weight.div(scale.Deviation.cpu().view(-1, 1));
                bias = bias.sub(scale.Mean.cpu().view(1, -1).mm(weight).squeeze(0));
            }

            if (layer == shape.Layers - 1) (weight, bias) = (cat([weight, zeros_like(weight)], 1), cat([bias, policy.LogDeviation(parameters)], 0));
            weights.Add(weight.contiguous().data<float>().ToArray());
            biases.Add(bias.contiguous().data<float>().ToArray());
        }

        return new ActorParameters(shape.Inputs, actions, weights, biases, Range) { HiddenActivation = ActorActivation.Tanh };
    }
}
