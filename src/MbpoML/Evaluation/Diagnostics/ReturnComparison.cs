namespace MbpoML.Evaluation.Diagnostics;

/// <summary>
/// Returns that models promised beside those that the environment gave, over the checkpoints of a run or over several runs: does the one follow the other?
/// </summary>
/// <remarks>Our extension of the paper's figure 4c, which shows one checkpoint.</remarks>
public sealed record ReturnComparison
{
    /// <summary>Takes pairs of returns.</summary>
    /// <param name="actual">The returns in the environment, [pairs], at least one, finite.</param>
    /// <param name="imagined">The returns in the model, [pairs], finite.</param>
    /// <exception cref="ArgumentException">There are none, not equally many of both, or one is not finite.</exception>
    public ReturnComparison(IReadOnlyList<double> actual, IReadOnlyList<double> imagined)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(imagined);
        if (actual.Count == 0 || actual.Count != imagined.Count)
            throw new ArgumentException(
                $"There are {actual.Count} returns of the environment and {imagined.Count} of the model; give equally many of both, at least one.",
                nameof(imagined));
        foreach (var value in actual.Concat(imagined))
            if (!double.IsFinite(value))
                throw new ArgumentException(Invariant($"A return is {value}, but must be finite: leave out the pair."), nameof(actual));
        (Actual, Imagined) = ([.. actual], [.. imagined]);
    }

    /// <summary>[pairs]: in the environment.</summary>
    public IReadOnlyList<double> Actual { get; }

    /// <summary>[pairs]: in the model.</summary>
    public IReadOnlyList<double> Imagined { get; }

    /// <summary>The mean of what the model promises beyond what the environment gives. Below zero it underestimates, as the paper found.</summary>
    public double MeanExcess => Imagined.Average() - Actual.Average();

    /// <summary>Pearson's r, from −1 to 1; NaN where all of one side are equal.</summary>
    public double Correlation
    {
        get
        {
            var (actualMean, imaginedMean) = (Actual.Average(), Imagined.Average());
            var together = Actual.Zip(Imagined, (actual, imagined) => (actual - actualMean) * (imagined - imaginedMean)).Sum();
            return together / Math.Sqrt(Actual.Sum(value => Math.Pow(value - actualMean, 2)) * Imagined.Sum(value => Math.Pow(value - imaginedMean, 2)));
        }
    }

    /// <summary>The pairs of some replays: the environment's return, and the mean of the model's at the same step.</summary>
    /// <param name="returns">The returns of one or more starts.</param>
    /// <exception cref="ArgumentException">There is none, one is null, or a return is not finite.</exception>
    public static ReturnComparison Of(IReadOnlyList<ModelReturns> returns)
    {
        ArgumentNullException.ThrowIfNull(returns);
        foreach (var one in returns) ArgumentNullException.ThrowIfNull(one, nameof(returns));
        return new ReturnComparison([.. returns.Select(one => one.ActualReturn)], [.. returns.Select(one => one.ActualReturn + one.Excess)]);
    }
}
