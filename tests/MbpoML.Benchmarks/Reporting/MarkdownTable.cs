using System.Globalization;

namespace MbpoML.Benchmarks.Reporting;

/// <summary>A table on the console, in the form in which docs/performance.md holds it.</summary>
internal sealed class MarkdownTable(params string[] columns)
{
    private readonly List<string> _lines = [Line(columns), Line(columns.Select(_ => "---"))];

    /// <summary>Adds a row; numbers come in as text, see <see cref="Number"/>.</summary>
    public void Add(params string[] cells) => _lines.Add(Line(cells));

    public void Print(string title)
    {
        Console.WriteLine($"{Environment.NewLine}{title}{Environment.NewLine}");
        foreach (var line in _lines) Console.WriteLine(line);
    }

    /// <summary>Three significant digits, or whole numbers with separators from a hundred on.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("F1", CultureInfo.InvariantCulture),
        >= 1 or 0 => value.ToString("F2", CultureInfo.InvariantCulture),
        _ => value.ToString("G3", CultureInfo.InvariantCulture),
    };

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
