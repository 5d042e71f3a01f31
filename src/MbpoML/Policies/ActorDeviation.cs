namespace MbpoML.Policies;

/// <summary>How an actor's last layer says its standard deviations.</summary>
public enum ActorDeviation
{
    /// <summary>By their logarithms, clipped to a range, as soft actor-critic does.</summary>
    ClippedLogarithm,

    /// <summary>By numbers ρ of which they are log(1 + e^ρ) + 1e-5, as the value gradient does.</summary>
    Softplus,
}
