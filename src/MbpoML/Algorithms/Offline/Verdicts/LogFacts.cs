namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>The log of a judge, and where its estimates begin.</summary>
/// <param name="Rows">The number of transitions in the log.</param>
/// <param name="Episodes">The number of episodes in the log.</param>
/// <param name="Starts">Starts from which everything was estimated.</param>
/// <param name="Horizon">The number of steps over which returns are summed.</param>
/// <param name="Discount">γ, the discount factor of the values.</param>
/// <param name="CloneError">
/// The mean squared error of the clone on held-out episodes, in units in which the bounds of the actions are -1 and 1.
/// </param>
public sealed record LogFacts(long Rows, int Episodes, int Starts, int Horizon, double Discount, double CloneError)
{
    /// <summary>The lowest reward of a step in the log. Default: not known, negative infinity.</summary>
    public double LeastReward { get; init; } = double.NegativeInfinity;

    /// <summary>The highest reward of a step in the log. Default: not known, infinity.</summary>
    public double MostReward { get; init; } = double.PositiveInfinity;
}
