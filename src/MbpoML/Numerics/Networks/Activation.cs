namespace MbpoML.Numerics.Networks;

/// <summary>What a hidden layer makes of its sums. Each gives 0 for 0, so that a dropped unit is silent.</summary>
internal enum Activation
{
    /// <summary>max(0, x)</summary>
    Relu,

    /// <summary>x · sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,
}
