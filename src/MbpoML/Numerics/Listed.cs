using System.Globalization;

namespace MbpoML.Numerics;

/// <summary>
/// Numbers as a list in a message: "0.5, -1", the same in every culture. Where the comma is the decimal separator, "0,5, -1" could not be read.
/// </summary>
internal static class Listed
{
    /// <summary>The numbers, each with a point, separated by commas.</summary>
    public static string Of<T>(IEnumerable<T> values)
        where T : IFormattable => string.Join(", ", values.Select(value => value.ToString(null, CultureInfo.InvariantCulture)));
}
