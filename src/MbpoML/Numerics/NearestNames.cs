namespace MbpoML.Numerics;

/// <summary>The names that somebody may have meant.</summary>
internal static class NearestNames
{
    /// <summary>
    /// The names that are nearest to a wrong one, nearest first. Those that contain it come first. Distance is the least number of single letters to insert,
    /// delete or change (Levenshtein), whatever the case.
    /// </summary>
    /// <param name="name">What was written.</param>
    /// <param name="names">What is allowed.</param>
    /// <param name="count">At most so many.</param>
    public static IReadOnlyList<string> To(string name, IEnumerable<string> names, int count = 3) =>
    [
        .. names.OrderBy(candidate => name.Length > 0 && candidate.Contains(name, StringComparison.OrdinalIgnoreCase) ? 0 : 1)
            .ThenBy(candidate => Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())).Take(count),
    ];

    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
