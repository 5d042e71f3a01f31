namespace MbpoML.Algorithms.Offline.Choosing;

/// <summary>What real episodes said of candidate policies, and which of them is best by that.</summary>
/// <param name="Steps">Each episode, in order: return against episodes spent.</param>
/// <param name="Means">The mean return of each candidate.</param>
/// <param name="Episodes">The episodes of each candidate.</param>
/// <param name="Best">The number of the candidate with the highest mean return.</param>
public sealed record OnlineChoice(IReadOnlyList<ChoiceStep> Steps, IReadOnlyList<double> Means, IReadOnlyList<int> Episodes, int Best);
