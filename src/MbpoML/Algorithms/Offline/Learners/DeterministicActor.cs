using MbpoML.Environments;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Scaling;
using MbpoML.Policies;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>Makes a policy of the numbers of an actor without randomness.</summary>
internal static class DeterministicActor
{
    /// <summary>The actor, with the scale of the observations folded into its first layer.</summary>
    /// <param name="shape">Observation to actions before the tanh.</param>
    /// <param name="parameters">[parameters]</param>
    /// <param name="observations">The scale that the network sees observations in.</param>
    /// <param name="actionSpace">The actions.</param>
    public static ActorParameters ToParameters(NetworkShape shape, Tensor parameters, Standardizer observations, BoxSpace actionSpace)
    {
        using var scope = NewDisposeScope();
        var flat = parameters.data<float>().ToArray();
        var (mean, deviation) = (observations.Mean.data<float>().ToArray(), observations.Deviation.data<float>().ToArray());
        var layers = Enumerable.Range(0, shape.Layers).ToArray();
        float[][] weights = [.. layers.Select(layer => flat[shape.WeightOffset(layer)..shape.BiasOffset(layer)])];
        float[][] biases = [.. layers.Select(layer => flat.AsSpan(shape.BiasOffset(layer), shape.Out(layer)).ToArray())];
        var units = shape.Out(0);
        // x·W + b with x = (o - mean) / deviation is o·W' + b' with W' = W / deviation and b' = b - mean·W'.
        for (var index = 0; index < weights[0].Length; index++)
        {
            weights[0][index] /= deviation[index / units];
            biases[0][index % units] -= mean[index / units] * weights[0][index];
        }

        return ActorParameters.Deterministic(shape.Inputs, actionSpace, weights, biases);
    }
}
