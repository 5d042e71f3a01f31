using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>The parameters of an ensemble by layer: views of one flat tensor, of E members.</summary>
/// <param name="Layers">Weights [E, in, out] and biases [E, 1, out].</param>
/// <param name="MaxLogVariance">[1, outputs], the learned upper bound of the log variance, shared by all members.</param>
/// <param name="MinLogVariance">[1, outputs], the learned lower bound.</param>
/// <param name="IsPoint">Whether the networks predict means alone: then both bounds are the log variance of their errors.</param>
internal sealed record EnsembleParameters(LayerTensors Layers, Tensor MaxLogVariance, Tensor MinLogVariance, bool IsPoint = false)
{
    /// <summary>[E, in, out], one a layer.</summary>
    public IReadOnlyList<Tensor> Weights => Layers.Weights;

    /// <summary>[E, 1, out], one a layer.</summary>
    public IReadOnlyList<Tensor> Biases => Layers.Biases;

    /// <summary>Evaluates all members at once.</summary>
    /// <param name="input">[E, batch, in], standardised.</param>
    /// <returns>Means and log variances, both [E, batch, outputs].</returns>
    public (Tensor Mean, Tensor LogVariance) Forward(Tensor input) => Head(Layers.Forward(input, BiasAddition.WithinProduct));

    /// <summary>Splits a last layer's output [..., 2 outputs] into the means and the bounded log variances.</summary>
    /// <remarks>
    /// Chua et al., "Deep reinforcement learning in a handful of trials using probabilistic dynamics models" (2018), Appendix A.1: soft bounds on the log
    /// variance.
    /// </remarks>
    public (Tensor Mean, Tensor LogVariance) Head(Tensor output)
    {
        var size = MaxLogVariance.size(1);
        if (IsPoint) return (output.narrow(-1, 0, size), zeros_like(output.narrow(-1, 0, size)).Plus(MaxLogVariance));
        var bounded = MaxLogVariance - (MaxLogVariance - output.narrow(-1, size, size)).Softplus();
        return (output.narrow(-1, 0, size), MinLogVariance.Plus((bounded - MinLogVariance).Softplus()));
    }
}
