using System.Globalization;
using System.Text;

namespace MbpoML.Plotting;

/// <summary>
/// Series as a CSV table, <c>series,x,y,deviation</c>, one line a point: the numbers behind a picture. The deviation is empty where there is none.
/// </summary>
/// <remarks>RFC 4180; a name with a comma or a quotation mark is quoted, and a name cannot hold a line break. Numbers are written in full.</remarks>
public static class SeriesCsv
{
    private const string Header = "series,x,y,deviation";

    /// <summary>Writes series; makes the file's folder where it is missing.</summary>
    /// <param name="path">The path of the CSV file; a file that is there is replaced.</param>
    /// <param name="series">The series, in the order in which they are to stand there.</param>
    /// <exception cref="ArgumentException">The path is empty, a series is null, or a name holds a line break.</exception>
    public static void Write(string path, IEnumerable<PlotSeries> series)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(series);
        var text = new StringBuilder(Header).Append('\n');
        foreach (var one in series)
        {
            ArgumentNullException.ThrowIfNull(one, nameof(series));
            for (var index = 0; index < one.X.Count; index++)
                text.Append(CultureInfo.InvariantCulture,
                    $"{OutputFile.Quote(one.Name, "a series")},{one.X[index]:R},{one.Y[index]:R},{one.Deviation?[index]:R}\n");
        }

        OutputFile.WriteText(path, text);
    }
}
