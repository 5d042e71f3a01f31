using System.Globalization;

namespace MbpoML.Numerics;

/// <summary>Lists in messages, kept short however many dimensions a task has.</summary>
internal static class MessageText
{
    private const int Most = 3;

    /// <summary>The first few items, and how many there are beyond them; null where there is none.</summary>
    public static string? Join(IReadOnlyList<string> items) => items.Count switch
    {
        0 => null,
        <= Most => string.Join("; ", items),
        _ => string.Create(CultureInfo.InvariantCulture, $"{string.Join("; ", items.Take(Most))}; and {items.Count - Most} more"),
    };
}
