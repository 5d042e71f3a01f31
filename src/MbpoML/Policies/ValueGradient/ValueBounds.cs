namespace MbpoML.Policies.ValueGradient;

/// <summary>
/// The range in which values can lie, followed slowly: what a policy earns that gets the 1 % or the 99 % quantile of r - α log π at every step for ever.
/// </summary>
internal sealed class ValueBounds(ValueGradientSettings settings)
{
    private const double LowQuantile = 0.01, HighQuantile = 0.99;

    // A critic's output is multiplied with half of the range: nothing could be learned in none at all.
    private const double LeastHalfRange = 1e-6;

    public double Low { get; private set; }

    public double High { get; private set; }

    /// <summary>Whether the range was taken from rewards yet.</summary>
    public bool IsSet { get; private set; }

    /// <summary>What a critic's output is multiplied with.</summary>
    public float Width => settings.BoundsValues ? (float)Math.Max((High - Low) / 2, LeastHalfRange) : 1;

    /// <summary>What is added then.</summary>
    public float Center => settings.BoundsValues ? (float)((High + Low) / 2) : 0;

    /// <summary>Between which the targets' last value lies.</summary>
    public (float Low, float High) Clip => settings.BoundsValues ? ((float)Low, (float)High) : (float.NegativeInfinity, float.PositiveInfinity);

    /// <summary>Moves the range towards that of new rewards; the first ones set it.</summary>
    /// <param name="earned">r_t - α log π_t of all rows and steps before the end, at least one; sorted in place.</param>
    /// <param name="canEnd">Whether the task can end, where all that is still to come is 0.</param>
    public void Follow(Span<float> earned, bool canEnd)
    {
        earned.Sort();
        var scale = 1 / (1 - settings.Discount);
        var (low, high) = (scale * Quantile(earned, LowQuantile), scale * Quantile(earned, HighQuantile));
        // A quantile of rewards alone would say that an end costs nothing, or less than nothing.
        if (canEnd && settings.KeepsZeroInBounds) (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        if (!IsSet) (Low, High, IsSet) = (low, high, true);
        else (Low, High) = (Low + ((low - Low) * settings.BoundsRate), High + ((high - High) * settings.BoundsRate));
    }

    /// <summary>Goes on from saved numbers.</summary>
    public void Set(double low, double high, bool isSet) => (Low, High, IsSet) = (low, high, isSet);

    // Between the two nearest, in proportion, as torch.quantile.
    private static double Quantile(ReadOnlySpan<float> sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * ((double)sorted[above] - sorted[below]));
    }
}
