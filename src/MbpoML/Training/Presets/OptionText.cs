using System.Collections;
using System.Globalization;

namespace MbpoML.Training.Presets;

/// <summary>
/// The values of options as text: of numbers, switches, names, times, lists of numbers, schedules and rules, in a form that is read back to the same value.
/// </summary>
internal static class OptionText
{
    public const string None = "null";

    /// <summary>The text of any value; of one that text cannot make, what it is.</summary>
    public static string Of(object? value) => value switch
    {
        null => None,
        string text => text,
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Of))}]",
        _ => value.GetType().GetMethod(nameof(ToString), [])?.DeclaringType == typeof(object) ? value.GetType().FullName ?? None : value.ToString() ?? None,
    };

    /// <summary>Whether text can make a value of this type.</summary>
    public static bool IsReadable(Type type) =>
        Simple(type) is var simple
        && (simple == typeof(string) || simple == typeof(bool) || simple == typeof(int) || simple == typeof(long) || simple == typeof(double) ||
            simple == typeof(TimeSpan) || simple.IsEnum
            || simple == typeof(IReadOnlyList<int>) || simple == typeof(IReadOnlyList<double>) || CallText.Knows(simple));

    /// <summary>Reads what <see cref="Of"/> wrote, or what a person writes.</summary>
    /// <exception cref="FormatException">The text is no such value; the message says what one looks like.</exception>
    public static object Read(Type type, string text)
    {
        var simple = Simple(type);
        if (simple == typeof(string)) return text;
        if (simple == typeof(bool)) return bool.TryParse(text, out var flag) ? flag : throw Expected("true or false");
        if (simple == typeof(int))
            return int.TryParse(text, Whole, CultureInfo.InvariantCulture, out var number) ? number : throw Expected("a whole number, as in 250");
        if (simple == typeof(long))
            return long.TryParse(text, Whole, CultureInfo.InvariantCulture, out var large) ? large : throw Expected("a whole number, as in 2000");
        if (simple == typeof(double))
            return double.TryParse(text, Real, CultureInfo.InvariantCulture, out var real) ? real : throw Expected("a number, as in 0.05 or 3e-4");
        if (simple == typeof(TimeSpan)) return ReadTime(text);
        if (simple.IsEnum) return ReadName(simple, text);
        if (simple == typeof(IReadOnlyList<int>)) return ReadList<int>(text);
        if (simple == typeof(IReadOnlyList<double>)) return ReadList<double>(text);
        return CallText.Read(simple, text);
    }

    private const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent |
        NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent | NumberStyles.AllowLeadingWhite |
        NumberStyles.AllowTrailingWhite;

    private static Type Simple(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    // A bare number would be read as days.
    private static TimeSpan ReadTime(string text) =>
        text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time)
            ? time : throw Expected("hours:minutes:seconds, as in 00:10:00");

    // Enum.TryParse alone would take any number.
    private static object ReadName(Type type, string text) =>
        text.Split(',').All(name => Enum.GetNames(type).Contains(name.Trim(), StringComparer.OrdinalIgnoreCase))
            ? Enum.Parse(type, text, ignoreCase: true)
            : throw Expected($"one of {string.Join(", ", Enum.GetNames(type))}");

    private static T[] ReadList<T>(string text) => [.. text.Trim().TrimStart('[').TrimEnd(']').Split(',').Select(item => (T)Read(typeof(T), item))];

    private static FormatException Expected(string what) => new($"expected is {what}");
}
