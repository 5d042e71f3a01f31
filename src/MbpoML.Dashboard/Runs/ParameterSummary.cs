namespace MbpoML.Dashboard.Runs;

/// <summary>An axis of a study: an option with its range or its choices.</summary>
/// <param name="Path">Stage and option.</param>
/// <param name="Low">The least value of a range.</param>
/// <param name="High">The greatest value of a range.</param>
/// <param name="IsLogarithmic">Whether equal factors are equally far apart.</param>
/// <param name="Choices">The values of a choice; empty for a range.</param>
internal sealed record ParameterSummary(string Path, double Low, double High, bool IsLogarithmic, IReadOnlyList<string> Choices);
