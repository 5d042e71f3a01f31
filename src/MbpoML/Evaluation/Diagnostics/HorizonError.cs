namespace MbpoML.Evaluation.Diagnostics;

/// <summary>The error of a model after 1, 2, ... imagined steps, over starts on real episodes, and how unsure the model is of them.</summary>
/// <remarks>
/// With N starts, S samples from each and D dimensions, x the sampled, m the mean of a start's samples and y the true state, each dimension in standard
/// deviations of the states of the episodes (1 where they are constant): Spread² = Σ (x − m)² / (N D (S − 1)) and Error² = Σ (m − y)² / (N D) −
/// Spread² / S, which is what a mean of so few samples strays by itself; not below 0. A model that knows what it does not know has a spread as large as its
/// error. Where what it imagines has nothing to do with the truth any more, but is still among the states of the episodes, both are 1. The starts are places
/// with a whole horizon of their episode after them. Where episodes terminate, none of the steps just before a fall is among them: errors are those of
/// survivors, and understate what a model does there. <see cref="TerminatedShare"/> tells how many places are missing for that reason.
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
    /// <param name="limit">In the units of <see cref="Error"/>.</param>
    public int StepsWithin(double limit) => Error.TakeWhile(error => error <= limit).Count();
}
