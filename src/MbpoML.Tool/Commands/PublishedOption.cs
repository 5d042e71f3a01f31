using System.CommandLine;
using MbpoML.Experiments.Reports;
using MbpoML.Plotting;

namespace MbpoML.Tool.Commands;

/// <summary>Which published curves stand beside the runs: the option <c>--published</c>, a list of names.</summary>
internal sealed class PublishedOption(string description)
{
    public const string Name = "--published";

    private static readonly string[] Names = [.. PublishedCurves.Algorithms.Select(algorithm => algorithm.Name)];

    // More bands than these hide each other.
    private static readonly string[] Pictured = ["mbpo", "macura", "dhmbpo", "dhmbpo-utd2"];

    public Option<string?> Option { get; } = new(Name)
    {
        Description = $"{description} Names: {string.Join(", ", Names)}.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Whether the option was given, with names or without.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetResult(Option) is { Implicit: false };

    /// <summary>The curves for tables.</summary>
    /// <exception cref="UsageException">There is none of a name that was given.</exception>
    public IReadOnlyList<string> ForTables(ParseResult parsed) => Given(parsed) ?? ReturnReportOptions.DefaultPublished;

    /// <summary>The curves for pictures.</summary>
    /// <exception cref="UsageException">There is none of a name that was given.</exception>
    public IReadOnlyList<string> ForPictures(ParseResult parsed) => Given(parsed) ?? Pictured;

    /// <summary>Whether an argument behind the option can be its value: paths of runs may follow it, too.</summary>
    public static bool IsValue(string argument) =>
        Split(argument).All(name => Names.Contains(name, StringComparer.OrdinalIgnoreCase)) ||
        !(argument.AsSpan().ContainsAny('/', '\\', '*') || Path.Exists(argument));

    private string[]? Given(ParseResult parsed)
    {
        if (parsed.GetValue(Option) is not { } given) return null;
        string[] names = [.. Split(given).Select(Known).Distinct()];
        return names.Length > 0 ? names : throw new UsageException($"{Name} is '{given}', but must be one or more names, as in macura,dhmbpo.");
    }

    private static string[] Split(string names) => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Known(string name) =>
        Names.FirstOrDefault(one => one.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw UsageException.Unknown("published curve", name, Names);
}
