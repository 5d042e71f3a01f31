using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Scaling;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Networks;

/// <summary>
/// New means and deviations of columns, and what they ask of networks that learned with the old ones: weights with which each network stays the function that
/// it was, in the columns' own units.
/// </summary>
/// <remarks>
/// With x = (v - m) / d and x' = (v - m') / d', an input layer x·W + b is x'·W' + b' for W' = W · d' / d and b' = b + ((m' - m) / d)·W. An output layer that
/// gives y gives y' = (y · d + m - m') / d'.
/// </remarks>
internal sealed class ScaleChange : IDisposable
{
    private readonly Tensor _factor, _shift, _newShift;

    /// <param name="scale">Fitted to other values here; the networks that it serves may be changed with the methods of this.</param>
    /// <param name="fit">Fits the scale anew.</param>
    /// <param name="tolerance">
    /// The scale stays as it is while no mean would move by more than this part of its deviation, and no deviation by more than this factor less one.
    /// </param>
    public ScaleChange(Standardizer scale, Action fit, double tolerance = 0)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (mean, deviation) = (scale.Mean.clone(), scale.Deviation.clone());
        fit();
        if (tolerance > 0 && Drift(scale, mean, deviation) <= tolerance)
        {
            scale.Mean.copy_(mean);
            scale.Deviation.copy_(deviation);
        }

        _factor = (scale.Deviation / deviation).view(-1).DetachFromDisposeScope();
        _shift = ((scale.Mean - mean) / deviation).view(-1).DetachFromDisposeScope();
        _newShift = ((mean - scale.Mean) / scale.Deviation).view(-1).DetachFromDisposeScope();
    }

    /// <summary>Keeps the function of networks whose first inputs are the columns.</summary>
    /// <param name="parameters">[networks, parameters], changed in place.</param>
    /// <param name="shape">Has as many inputs as there are columns, or more behind them, which are left alone.</param>
    public void KeepInputs(Tensor parameters, NetworkShape shape)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var layers = shape.Split(parameters);
        var weights = layers.Weights[0].narrow(1, 0, _factor.size(0));
        layers.Biases[0].AddInPlace(_shift.view(1, 1, -1).expand(weights.size(0), 1, -1).matmul(weights));
        weights.mul_(_factor.view(1, -1, 1));
    }

    /// <summary>Keeps the function of networks whose outputs are the columns, all of them.</summary>
    /// <param name="parameters">[networks, parameters], changed in place.</param>
    /// <param name="shape">Has as many outputs as there are columns.</param>
    public void KeepOutputs(Tensor parameters, NetworkShape shape)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var layers = shape.Split(parameters);
        layers.Weights[^1].div_(_factor.view(1, 1, -1));
        layers.Biases[^1].div_(_factor.view(1, 1, -1)).AddInPlace(_newShift.view(1, 1, -1));
    }

    /// <summary>Keeps deviations of the columns: the logarithms of those in units of the scale.</summary>
    /// <param name="logarithms">[networks, columns], changed in place.</param>
    public void KeepLogDeviations(Tensor logarithms)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        logarithms.sub_(_factor.log().view(1, -1));
    }

    private static double Drift(Standardizer scale, Tensor mean, Tensor deviation)
    {
        var factors = maximum(scale.Deviation / deviation, deviation / scale.Deviation);
        return Math.Max((scale.Mean - mean).abs().div_(deviation).max().item<float>(), factors.max().item<float>() - 1);
    }

    public void Dispose()
    {
        _factor.Dispose();
        _shift.Dispose();
        _newShift.Dispose();
    }
}
