using System.Globalization;

namespace MbpoML.Plotting;

/// <summary>
/// Writes every number of a picture and of its messages in one way, whatever the user's culture: as in the table beside the picture, and in signs that the
/// embedded font holds.
/// </summary>
internal readonly struct InvariantNumbers : IDisposable
{
    private readonly CultureInfo _before;

    private InvariantNumbers(CultureInfo before) => _before = before;

    /// <summary>Sets the invariant culture for the calling thread until the result is disposed; ScottPlot writes ticks by the current culture.</summary>
    public static InvariantNumbers Begin()
    {
        var scope = new InvariantNumbers(CultureInfo.CurrentCulture);
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        return scope;
    }

    /// <inheritdoc/>
    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
