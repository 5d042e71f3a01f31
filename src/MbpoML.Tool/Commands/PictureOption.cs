using System.CommandLine;
using MbpoML.Plotting;

namespace MbpoML.Tool.Commands;

/// <summary>Where a command draws: the option <c>--out</c>, a .png or .svg, beside which the numbers are written as .csv.</summary>
internal sealed class PictureOption(string defaultFile)
{
    public Option<string> Option { get; } = new("--out")
    {
        Description = "The picture, .png or .svg; its numbers are written beside it as .csv.",
        DefaultValueFactory = _ => defaultFile,
    };

    /// <summary>The file that was asked for.</summary>
    /// <exception cref="UsageException">It has another ending.</exception>
    public string Read(ParseResult parsed)
    {
        var file = parsed.GetValue(Option)!;
        return Path.GetExtension(file) is ".png" or ".svg"
            ? file : throw new UsageException($"--out is '{file}', but a picture's name ends with .png or .svg.");
    }

    /// <summary>The file of a further picture of the same command: its name with a word before the ending.</summary>
    public static string With(string file, string word) => $"{Path.ChangeExtension(file, null)}-{word}{Path.GetExtension(file)}";

    /// <summary>Draws a picture, writes its numbers, and says so.</summary>
    /// <param name="plot">The picture.</param>
    /// <param name="file">Where it goes.</param>
    /// <param name="console">Is told.</param>
    /// <param name="undrawn">What its table has in addition; null for nothing.</param>
    public static void Save(SeriesPlot plot, string file, ToolConsole console, IEnumerable<PlotSeries>? undrawn = null) =>
        Save(file, console, path => plot.SavePng(path), path => plot.SaveSvg(path), table => SeriesCsv.Write(table, plot.Series.Concat(undrawn ?? [])));

    /// <summary>Draws a picture, writes its numbers, and says so.</summary>
    public static void Save(FanPlot plot, string file, ToolConsole console) =>
        Save(file, console, path => plot.SavePng(path), path => plot.SaveSvg(path), plot.SaveCsv);

    /// <summary>Draws a picture, writes its numbers, and says so.</summary>
    public static void Save(LearningCurvePlot plot, string file, ToolConsole console) =>
        Save(
            file, console, path => plot.SavePng(path, height: plot.FittingHeight), path => plot.SaveSvg(path, height: plot.FittingHeight),
            table => SeedAverageCsv.Write(table, plot.Averages()));

    private static void Save(string file, ToolConsole console, Action<string> savePng, Action<string> saveSvg, Action<string> saveCsv)
    {
        var table = Path.ChangeExtension(file, ".csv");
        try
        {
            saveCsv(table);
            if (Path.GetExtension(file) == ".svg") saveSvg(file);
            else savePng(file);
        }
        catch (ArgumentException exception)
        {
            throw new RunDataException(ExceptionText.Of(exception));
        }

        console.Out.WriteLine($"wrote {file} and {table}");
    }
}
