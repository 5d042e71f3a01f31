using System.Globalization;

namespace MbpoML.Experiments.Reports;

/// <summary>The cells and lines of the tables of a report.</summary>
internal static class ReportCells
{
    /// <summary>Stands where there is nothing to tell.</summary>
    public const string None = "-";

    /// <summary>Stands behind a mean over a part of its window alone.</summary>
    public const string OneSided = "*";

    /// <summary>A line of a table.</summary>
    public static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(MarkdownText.Cell))} |";

    /// <summary>The line below the head of a table.</summary>
    public static string Rule(int columns) => Line(Enumerable.Repeat("---", columns));

    /// <summary>A mean over seeds, its deviation, and the number of seeds.</summary>
    public static string Of(double mean, double? deviation, int seeds) =>
        Invariant($"{Number(mean)}{(deviation is { } value ? $" ± {Number(value)}" : "")} ({seeds})");

    /// <summary>What seeds reached around a step, with the lowest single evaluation where there are several.</summary>
    public static string Of(WindowMean window) =>
        Of(window.Mean, window.Deviation, window.Seeds) + (window.IsOneSided ? OneSided : "") +
            (window.Evaluations > 1 ? $", lowest {Number(window.Lowest)}" : "");

    /// <summary>A whole number with commas.</summary>
    public static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with about three digits that count.</summary>
    public static string Number(double value) => value.ToString(Math.Abs(value) < 100 ? "F1" : "N0", CultureInfo.InvariantCulture);
}
