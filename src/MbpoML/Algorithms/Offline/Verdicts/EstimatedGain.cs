namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>By how much one policy earns more than another, as estimated.</summary>
/// <param name="Value">The difference, in units of the return or of the value; negative where it earns less.</param>
/// <param name="HalfWidth">
/// Half of the 95 % interval of the difference: the spread of the estimators and of the starts, and what the way of estimating is wrong by on the log.
/// </param>
public sealed record EstimatedGain(double Value, double HalfWidth)
{
    /// <summary>How probable it is that the difference is above 0, were the interval that of a normal distribution; from 0 to 1.</summary>
    public double Confidence => HalfWidth > 0 && double.IsFinite(Value) ? NormalDistribution.Below(1.96 * Value / HalfWidth) : Value > 0 ? 1 : 0;

    /// <summary>Whether the whole interval is above 0.</summary>
    public bool IsAbove => Value - HalfWidth > 0;

    /// <summary>Whether the whole interval is below 0.</summary>
    public bool IsBelow => Value + HalfWidth < 0;
}
