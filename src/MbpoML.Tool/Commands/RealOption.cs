using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace MbpoML.Tool.Commands;

/// <summary>
/// An option whose value is a number with a decimal point, whatever the culture: the parser itself would take "0.5" for 5 where the point parts thousands.
/// </summary>
internal static class RealOption
{
    public static Option<double?> Create(string name, string description) => new(name) { Description = description, CustomParser = Parse };

    /// <summary>The number as messages write it.</summary>
    public static string Text(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static double? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} is '{text}', but must be a number, as in 0.05 or 3e-4.");
        return null;
    }
}
