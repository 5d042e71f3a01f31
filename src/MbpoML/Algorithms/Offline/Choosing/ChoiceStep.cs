namespace MbpoML.Algorithms.Offline.Choosing;

/// <summary>One real episode of a choice among policies.</summary>
/// <param name="Candidate">The number of the policy that acted.</param>
/// <param name="Return">The sum of its rewards.</param>
/// <param name="Best">The number of the policy with the highest mean return after this episode: the one to take if it were the last.</param>
/// <param name="BestMean">That mean.</param>
public sealed record ChoiceStep(int Candidate, double Return, int Best, double BestMean);
