namespace MbpoML.Evaluation;

/// <summary>One finished episode.</summary>
/// <param name="Rewards">The rewards of the steps, in order.</param>
/// <param name="Terminated">Whether the task ended it; otherwise the clock did.</param>
public sealed record EpisodeResult(IReadOnlyList<double> Rewards, bool Terminated)
{
    /// <summary>The undiscounted sum of the rewards.</summary>
    public double Return { get; } = (Rewards ?? throw new ArgumentNullException(nameof(Rewards))).Sum();

    /// <summary>[observation]: where it started; empty where that was not kept.</summary>
    internal double[] Start { get; init; } = [];

    /// <summary>The number of steps.</summary>
    public int Length => Rewards.Count;
}
