using System.Globalization;

namespace MbpoML.Experiments.Studies;

/// <summary>An option that a study varies: a range of numbers, or a choice of values.</summary>
public sealed record StudyParameter
{
    private const string Range = "..", Logarithmic = " log";
    private const char Or = '|';

    private StudyParameter(string path, double low, double high, bool isLogarithmic, bool isWhole, IReadOnlyList<string> choices) =>
        (Path, Low, High, IsLogarithmic, IsWhole, Choices) = (path, low, high, isLogarithmic, isWhole, choices);

    /// <summary>Stage and option, as in "Policy.LearningRate".</summary>
    public string Path { get; }

    /// <summary>The least value of a range; 0 for a choice.</summary>
    public double Low { get; }

    /// <summary>The greatest value of a range; 0 for a choice.</summary>
    public double High { get; }

    /// <summary>Whether equal factors, rather than equal differences, are equally far apart.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>Whether the values of the range are whole numbers.</summary>
    public bool IsWhole { get; }

    /// <summary>The values of a choice, as text; empty for a range.</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <summary>Reads a parameter: "Policy.LearningRate=1e-4..1e-2 log", "Trainer.UpdatesPerStep=1..20" or "Policy.HiddenSizes=[64, 64]|[256, 256]".</summary>
    /// <param name="text">
    /// The option, '=', and its values. Ends of a range without a point or an exponent make it one of whole numbers; " log" behind it makes it logarithmic.
    /// </param>
    /// <exception cref="RunSpecException">The text is none of these.</exception>
    public static StudyParameter Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } path, { Length: > 0 } values]) throw Refused(text, "it has no '='");
        return values.Contains(Or, StringComparison.Ordinal) ? Choice(text, path, values) : Between(text, path, values);
    }

    /// <summary>The value at a place of the range or of the choice.</summary>
    /// <param name="place">From 0, the first value, to 1, the last one.</param>
    /// <returns>The value as text that an option takes; numbers with four digits that count, but for the ends.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The place is below 0 or above 1.</exception>
    public string At(double place)
    {
        if (place is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(place), place, "place must be from 0 to 1.");
        if (Choices.Count > 0) return Choices[Math.Min((int)(place * Choices.Count), Choices.Count - 1)];
        // Whole numbers get equal parts of the range, the ends included.
        var (low, high) = IsWhole ? (Low - 0.5, High + 0.5) : (Low, High);
        var value = IsLogarithmic ? Math.Exp(Math.Log(low) + (place * Math.Log(high / low))) : low + (place * (high - low));
        if (IsWhole) return Math.Clamp(Math.Round(value), Low, High).ToString("F0", CultureInfo.InvariantCulture);
        // Rounding may leave the range, whose ends are written as they were given.
        var text = value.ToString("G4", CultureInfo.InvariantCulture);
        var rounded = double.Parse(text, CultureInfo.InvariantCulture);
        return rounded < Low ? Low.ToString("R", CultureInfo.InvariantCulture) : rounded > High ? High.ToString("R", CultureInfo.InvariantCulture) : text;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => Choices.Count > 0 ? $"{Path}={string.Join(Or, Choices)}"
        : $"{Path}={Text(Low)}{Range}{Text(High)}{(IsLogarithmic ? Logarithmic : "")}";

    private string Text(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        // A real end is told from a whole one by its point.
        return IsWhole || text.AsSpan().IndexOfAny('.', 'E') >= 0 ? text : $"{text}.0";
    }

    private static StudyParameter Choice(string text, string path, string values)
    {
        string[] choices = [.. values.Split(Or, StringSplitOptions.TrimEntries)];
        if (choices.Any(choice => choice.Length == 0)) throw Refused(text, "one of its choices is empty");
        if (choices.Distinct().Count() < choices.Length) throw Refused(text, "one of its choices stands there twice");
        return new StudyParameter(path, 0, 0, false, false, choices);
    }

    private static StudyParameter Between(string text, string path, string values)
    {
        var logarithmic = values.EndsWith(Logarithmic, StringComparison.Ordinal);
        string[] ends = (logarithmic ? values[..^Logarithmic.Length] : values).Split(Range, StringSplitOptions.TrimEntries);
        if (ends.Length != 2) throw Refused(text, "it has neither a range nor a choice");
        double[] numbers =
            [.. ends.Select(end => double.TryParse(end, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number : throw Refused(text, $"'{end}' is no number"))];
        var (low, high) = (numbers[0], numbers[1]);
        if (low >= high) throw Refused(text, "its ends do not ascend");
        var whole = ends.All(end => end.AsSpan().IndexOfAny(".eE") < 0);
        if (logarithmic && low < (whole ? 1 : double.Epsilon)) throw Refused(text, "a logarithmic range begins above 0");
        return new StudyParameter(path, low, high, logarithmic, whole, []);
    }

    private static RunSpecException Refused(string text, string reason) => new(
        $"'{text}' is no parameter of a study: {reason}. Write Option=LOW..HIGH, Option=LOW..HIGH log, or Option=A|B|C, as in " +
            "Policy.LearningRate=1e-4..1e-2 log.");
}
