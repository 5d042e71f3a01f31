namespace MbpoML.Evaluation.Diagnostics;

/// <summary>
/// One quantity over time: what happened in the environment, and what was imagined. Where a replay left the range of numbers, so do mean and standard
/// deviation.
/// </summary>
/// <param name="Actual">The values in the environment, step by step.</param>
/// <param name="Mean">The mean of the replays at each step.</param>
/// <param name="StandardDeviation">The standard deviation of the replays around their mean.</param>
public sealed record FanQuantity(IReadOnlyList<double> Actual, IReadOnlyList<double> Mean, IReadOnlyList<double> StandardDeviation)
{
    /// <summary>What it is called, such as "height", or "observation 1" where the environment does not say.</summary>
    public string Name { get; init; } = "";

    /// <summary>The standard deviation of the actual course; 1 where it is constant up to the rounding of single precision.</summary>
    public double Scale { get; } = UnitDeviation.Of(Actual);
}
