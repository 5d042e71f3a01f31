using System.Globalization;

namespace MbpoML.Benchmarks.Models;

/// <summary>How the models of a run's fits predicted what they had not learned from.</summary>
/// <param name="Fits">One for each fit but the first.</param>
/// <param name="Rows">Rows that all members together learned from, those drawn again counted again.</param>
internal sealed record StreamErrors(IReadOnlyList<StreamFit> Fits, long Rows)
{
    /// <summary>Means over equal parts of the steps.</summary>
    public IEnumerable<(string Name, double Error)> Windows(int count, Func<StreamFit, double> error)
    {
        var (begin, end) = (Fits[0].Step, Fits[^1].Step + 1);
        for (var window = 0; window < count; window++)
        {
            var (from, to) = (begin + ((end - begin) * window / count), begin + ((end - begin) * (window + 1) / count));
            var errors = Fits.Where(fit => fit.Step >= from && fit.Step < to).Select(error).ToList();
            if (errors.Count > 0) yield return (string.Create(CultureInfo.InvariantCulture, $"{from} to {to - 1}"), errors.Average());
        }
    }
}
