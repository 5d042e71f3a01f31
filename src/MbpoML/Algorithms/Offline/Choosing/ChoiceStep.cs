namespace MbpoML.Algorithms.Offline.Choosing;

/// <summary>One real episode of a choice among policies.</summary>
/// <param name="Candidate">The number of the policy that acted.</param>
/// <param name="Return">The undiscounted sum of the episode's rewards.</param>
/// <param name="Best">The number of the policy with the highest mean return after this episode: the one to take if it were the last.</param>
/// <param name="BestMean">The mean return of the policy <paramref name="Best"/> over its episodes so far.</param>
public sealed record ChoiceStep(int Candidate, double Return, int Best, double BestMean);
