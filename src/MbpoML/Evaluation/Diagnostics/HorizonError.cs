namespace MbpoML.Evaluation;

/// <summary>The error of a model after 1, 2, ... imagined steps, averaged over starts on real episodes.</summary>
/// <param name="Error">
/// [horizon]: the root of the mean square, over starts, samples and dimensions, of what was imagined minus what happened, each dimension in standard deviations of the states of the episodes (1 where
/// they are constant). 0 is perfect; two unrelated states of the episodes are √2 apart.
/// </param>
/// <param name="Spread">[horizon]: the same of what was imagined around its mean: how unsure the model is. A calibrated model's is as large as its error.</param>
/// <param name="Starts">The places from which it was imagined.</param>
public sealed record HorizonError(IReadOnlyList<double> Error, IReadOnlyList<double> Spread, int Starts)
{
    /// <summary>The longest rollout whose error stays at or below a limit; 0 where the first step exceeds it.</summary>
    /// <param name="limit">In the units of <see cref="Error"/>.</param>
    public int StepsWithin(double limit) => Error.TakeWhile(error => error <= limit).Count();
}
