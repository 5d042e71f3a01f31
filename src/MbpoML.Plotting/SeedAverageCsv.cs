using System.Globalization;
using System.Text;

namespace MbpoML.Plotting;

/// <summary>
/// Averages over seeds as a CSV table, <c>algorithm,seeds,step,return_mean,return_std</c>, one line a point: the numbers behind a picture. <c>seeds</c> are the
/// runs that were under way at the step.
/// </summary>
public static class SeedAverageCsv
{
    private const string Header = "algorithm,seeds,step,return_mean,return_std";

    /// <summary>Writes averages; makes the file's folder where it is missing.</summary>
    /// <param name="path">The path of the CSV file; a file that is there is replaced.</param>
    /// <param name="averages">The averages to write, one row a point.</param>
    /// <exception cref="ArgumentException">The path is empty, an average is null, or a name holds a line break.</exception>
    public static void Write(string path, IEnumerable<SeedAverage> averages)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(averages);
        var text = new StringBuilder(Header).Append('\n');
        foreach (var average in averages)
        {
            ArgumentNullException.ThrowIfNull(average, nameof(averages));
            for (var index = 0; index < average.Steps.Count; index++)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{OutputFile.Quote(average.Algorithm, "an algorithm")},{average.Counts[index]},{average.Steps[index]:R},{average.Mean[index]:R}," +
                    $"{average.StandardDeviation[index]:R}\n");
        }

        OutputFile.WriteText(path, text);
    }
}
