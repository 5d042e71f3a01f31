namespace MbpoML.Policies;

/// <summary>What the hidden layers of an actor make of their sums.</summary>
public enum ActorActivation
{
    /// <summary>max(0, x)</summary>
    Relu,

    /// <summary>x · sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>The hyperbolic tangent, as trust region and proximal policy optimization have it.</summary>
    Tanh,
}
