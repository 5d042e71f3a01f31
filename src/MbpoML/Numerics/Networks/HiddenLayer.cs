namespace MbpoML.Numerics.Networks;

/// <summary>One hidden layer: LayerNorm(activation(Dropout(x·W + b))), where the outer two are optional.</summary>
/// <param name="Units">The number of units, at least 1.</param>
/// <param name="Activation">The activation.</param>
/// <param name="NormEpsilon">
/// What is added to the variance of a row's units where they are brought to zero mean and unit variance, above 0; null for no normalisation. There are no
/// learned factors: the next layer's weights can do what they would do (J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016).
/// </param>
/// <param name="Dropout">
/// The share of sums that is set to zero on a pass with dropout, from 0 to below 1; the others are divided by 1 - share
/// (N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014).
/// </param>
internal readonly record struct HiddenLayer(int Units, Activation Activation, double? NormEpsilon = null, double Dropout = 0)
{
    /// <summary>Whether it is max(0, x·W + b) alone, whose output says by itself where the gradient passes.</summary>
    public bool IsPlainRelu => Activation == Activation.Relu && NormEpsilon is null && Dropout == 0;
}
