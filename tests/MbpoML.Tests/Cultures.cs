using System.Globalization;

namespace MbpoML.Tests;

/// <summary>Runs a part of a test as on a machine of another country.</summary>
internal static class Cultures
{
    /// <summary>With a comma, a space or another sign in their numbers, or another minus sign.</summary>
    public static IReadOnlyList<string> Others { get; } = ["de-DE", "fr-FR", "tr-TR", "sv-SE", "ar-SA", "fa-IR"];

    public static T Under<T>(string name, Func<T> part)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
            return part();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
