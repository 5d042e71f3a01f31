using System.Globalization;

namespace MbpoML.Datasets.Tables;

/// <summary>Reads a cell of a text file. Numbers are read the same way in every culture.</summary>
internal static class Cell
{
    // What common tools write where a value is missing.
    private static readonly string[] MissingWords = ["", "NaN", "NA", "N/A", "null", "none", "?"];

    public static bool IsMissing(ReadOnlySpan<char> cell)
    {
        cell = cell.Trim();
        foreach (var word in MissingWords)
            if (cell.Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary>Which of some kinds a cell is.</summary>
    public static CellKinds Among(ReadOnlySpan<char> cell, CellKinds kinds)
    {
        var found = CellKinds.None;
        foreach (var kind in (ReadOnlySpan<CellKinds>)[CellKinds.Number, CellKinds.CommaNumber, CellKinds.Flag])
            if (kinds.HasFlag(kind) && TryNumber(cell, kind, out _)) found |= kind;
        if (kinds.HasFlag(CellKinds.Time) && TryTime(cell, out _)) found |= CellKinds.Time;
        return found;
    }

    /// <summary>Reads a number or a flag, which is 0 or 1.</summary>
    public static bool TryNumber(ReadOnlySpan<char> cell, CellKinds kind, out double value)
    {
        value = 0;
        cell = cell.Trim();
        switch (kind)
        {
            case CellKinds.Number:
                return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
            case CellKinds.CommaNumber:
                if (cell.Contains('.') || cell.Length > 64) return false;
                Span<char> point = stackalloc char[cell.Length];
                cell.Replace(point, ',', '.');
                return double.TryParse(point, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
            default:
                var isFlag = bool.TryParse(cell, out var flag);
                value = flag ? 1 : 0;
                return isFlag;
        }
    }

    /// <summary>Reads a date and time; without a zone it is taken as UTC.</summary>
    public static bool TryTime(ReadOnlySpan<char> cell, out DateTime time) => DateTime.TryParse(
        cell.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
