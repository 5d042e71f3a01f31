using System.Globalization;
using System.Text.RegularExpressions;

namespace MbpoML.Mujoco.Checks;

/// <summary>Numbers in attributes as MuJoCo reads them, which stops at the first thing that is none.</summary>
internal static partial class MjcfNumbers
{
    /// <summary>The whole numbers at the beginning of a text; those beyond the range of a long as its nearest one.</summary>
    public static IEnumerable<long> Integers(string text)
    {
        for (var match = Integer().Match(text); match.Success; match = match.NextMatch())
            yield return long.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
                : match.Groups[1].ValueSpan[0] == '-' ? long.MinValue : long.MaxValue;
    }

    /// <summary>How many numbers of single precision stand at the beginning of a text.</summary>
    public static int CountFloats(string text)
    {
        var count = 0;
        for (var match = Float().Match(text); match.Success &&
            float.IsFinite(float.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)); match = match.NextMatch()) count++;
        return count;
    }

    /// <summary>
    /// The size that a text asks for, without its sign: the largest of what it can be read as, infinity where that is no number, or null where it begins with
    /// none.
    /// </summary>
    public static double? Size(string text)
    {
        double? whole = Integers(text).Take(1).Select(value => Math.Abs((double)value)).Cast<double?>().SingleOrDefault();
        if (!double.TryParse(text, CultureInfo.InvariantCulture, out var value)) return whole;
        return double.IsNaN(value) ? double.PositiveInfinity : Math.Max(Math.Abs(value), whole ?? 0);
    }

    [GeneratedRegex(@"\G\s*([+-]?[0-9]+)")]
    private static partial Regex Integer();

    [GeneratedRegex(@"\G\s*((?>[+-]?(?>[0-9]+\.?[0-9]*|\.[0-9]+)(?>[eE][+-]?[0-9]+)?))(?![eE])")]
    private static partial Regex Float();
}
