namespace MbpoML.Imagination;

/// <summary>What one call of the rollout generator did.</summary>
/// <param name="Starts">The number of rollouts begun.</param>
/// <param name="Transitions">The number of imagined transitions kept.</param>
/// <param name="Terminated">The number of rollouts that ended because the task did.</param>
/// <param name="Stopped">The number of rollouts that the stopping rule ended.</param>
public readonly record struct RolloutStatistics(long Starts, long Transitions, long Terminated, long Stopped)
{
    /// <summary>The average number of transitions a rollout.</summary>
    public double MeanLength => Starts == 0 ? 0 : (double)Transitions / Starts;

    /// <summary>The sums of two calls.</summary>
    /// <param name="left">The counts of one call.</param>
    /// <param name="right">The counts of the other call.</param>
    public static RolloutStatistics operator +(RolloutStatistics left, RolloutStatistics right) => left.Add(right);

    /// <summary>The sums of two calls.</summary>
    /// <param name="other">The counts of the other call.</param>
    public RolloutStatistics Add(RolloutStatistics other) =>
        new(Starts + other.Starts, Transitions + other.Transitions, Terminated + other.Terminated, Stopped + other.Stopped);
}
