using System.Globalization;

namespace MbpoML.Experiments;

/// <summary>Seeds as text: "1,2,3" or "1..5".</summary>
public static class SeedList
{
    private const int Most = 1000;

    /// <summary>The seeds of a text, in its order.</summary>
    /// <param name="text">Numbers and ranges, separated by commas.</param>
    /// <exception cref="RunSpecException">The text is no such list, or a seed is in it twice.</exception>
    public static IReadOnlyList<int> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int[] seeds = [.. text.Split(',').SelectMany(part => Range(part, text))];
        return seeds.Distinct().Count() == seeds.Length ? seeds : throw Refused(text);
    }

    private static IEnumerable<int> Range(string part, string text)
    {
        int[] ends =
            [.. part.Split("..").Select(end => int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : throw Refused(text))];
        return ends switch
        {
            [var seed] => [seed],
            [var first, var last] when first <= last && last - first < Most => Enumerable.Range(first, last - first + 1),
            _ => throw Refused(text),
        };
    }

    private static RunSpecException Refused(string text) => new($"'{text}' are no seeds; write different numbers from 0, as in 1,2,3 or 1..5.");
}
