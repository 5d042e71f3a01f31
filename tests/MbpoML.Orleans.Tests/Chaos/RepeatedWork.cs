using System.Globalization;
using System.Text.RegularExpressions;

namespace MbpoML.Orleans.Tests.Chaos;

/// <summary>What the cluster told of a run that was handed over.</summary>
/// <param name="HandOvers">How often.</param>
/// <param name="Steps">The steps that were done twice.</param>
internal sealed partial record RepeatedWork(int HandOvers, int Steps)
{
    /// <summary>Reads a note; null where it tells something else.</summary>
    public static RepeatedWork? In(string note) => Told().Match(note) is { Success: true } told ? new RepeatedWork(Number(told, 1), Number(told, 2)) : null;

    private static int Number(Match told, int group) => int.Parse(told.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@" was handed over (\d+) times, and (\d+) of its steps were done twice\.$")]
    private static partial Regex Told();
}
