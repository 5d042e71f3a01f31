namespace MbpoML.Evaluation.Diagnostics;

/// <summary>The error of a model after 1, 2, ... imagined steps, over starts on real episodes, and how unsure the model is of them.</summary>
/// <remarks>
/// There are N starts, S samples from each and D dimensions. The sampled state is x, the mean of a start's samples m, and the true state y. Each dimension is
/// in standard deviations of the states of the episodes (1 where they are constant). Spread² = Σ (x − m)² / (N D (S − 1)). Error² = Σ (m − y)² / (N D) −
/// Spread² / S, and not below 0. The last term is what a mean of so few samples strays by itself. A model that knows what it does not know has a spread as
/// large as its error. Both are 1 where the imagined states no longer follow the truth, but still look like states of the episodes. The starts are places with
/// a whole horizon of their episode after them. Where episodes terminate, none of the steps just before a fall is among them: errors are those of survivors,
/// and understate what a model does there. <see cref="TerminatedShare"/> tells how many places are missing for that reason.
/// </remarks>
/// <param name="Error">[horizon]: how far the mean of what is imagined is from what happened, but for the finite number of samples. 0 is perfect. NaN or
/// infinite from where an imagined state left the range of numbers.</param>
/// <param name="Spread">[horizon]: the standard deviation of what is imagined around its mean: how unsure the model is. Below the error where it is too sure of
/// itself.</param>
/// <param name="Starts">The number of places from which it was imagined.</param>
/// <param name="UsableShare">The share of all places on the recorded episodes with a horizon of steps after them, from 0 to 1: the starts were drawn among
/// these.</param>
/// <param name="TerminatedShare">The share of all places that could not be used because the task ended, by termination, within the horizon. The rest, 1 less
/// both shares, is what the clock cut off.</param>
public sealed record HorizonError(IReadOnlyList<double> Error, IReadOnlyList<double> Spread, int Starts, double UsableShare, double TerminatedShare)
{
    /// <summary>The longest rollout whose error stays at or below a limit; 0 where the first step exceeds it.</summary>
    /// <param name="limit">The largest error that is allowed, in the units of <see cref="Error"/>.</param>
    public int StepsWithin(double limit) => Error.TakeWhile(error => error <= limit).Count();
}
