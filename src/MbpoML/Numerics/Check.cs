using System.Globalization;
using System.Runtime.CompilerServices;

namespace MbpoML.Numerics;

/// <summary>Argument checks whose messages name the argument, the value given and what was expected.</summary>
internal static class Check
{
    public static int AtLeast(int minimum, int value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(Short(name), value, Invariant($"{Short(name)} must be at least {minimum}."));

    public static long AtLeast(long minimum, long value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(Short(name), value, Invariant($"{Short(name)} must be at least {minimum}."));

    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value > 0 && double.IsFinite(value)
            ? value : throw new ArgumentOutOfRangeException(Short(name), Told(value), $"{Short(name)} must be a finite number above 0.");

    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 0 && double.IsFinite(value)
            ? value : throw new ArgumentOutOfRangeException(Short(name), Told(value), $"{Short(name)} must be a finite number of at least 0.");

    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(Short(name), Told(value), $"{Short(name)} must be a finite number.");

    public static double Within(double low, double high, double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= low && value <= high ? value
            : throw new ArgumentOutOfRangeException(Short(name), Told(value), Invariant($"{Short(name)} must be between {low} and {high}."));

    /// <summary>A number of steps or episodes inside a state of doubles.</summary>
    public static int Count(double value, string name) =>
        value is >= 0 and <= int.MaxValue && double.IsInteger(value) ? (int)value
            : throw new ArgumentOutOfRangeException(
                name, Told(value), Invariant($"{name} holds {value} where a count must stand, a whole number of at least 0."));

    public static void Length(int expected, int length, string name)
    {
        if (length != expected) throw new ArgumentException(Invariant($"{name} has {length} elements, but {expected} are expected."), name);
    }

    public static IReadOnlyList<int> HiddenSizes(IReadOnlyList<int> sizes, [CallerArgumentExpression(nameof(sizes))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(sizes, Short(name));
        return sizes.Count > 0 && sizes.All(size => size > 0)
            ? sizes
            : throw new ArgumentOutOfRangeException(Short(name), $"[{Listed.Of(sizes)}]", $"{Short(name)} must list one or more layer sizes, each at least 1.");
    }

    /// <summary>A number for an exception's actual value, which .NET writes by the user's culture: "0,5" would stand beside bounds with points.</summary>
    public static string Told(double value) => value.ToString(CultureInfo.InvariantCulture);

    // The caller's expression "options.LearningRate" becomes "LearningRate": the name that stands in the user's code.
    private static string? Short(string? name) => name?[(name.LastIndexOf('.') + 1)..];
}
