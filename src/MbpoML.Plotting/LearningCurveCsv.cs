using System.Globalization;
using System.Text;

namespace MbpoML.Plotting;

/// <summary>Learning curves as a CSV table: <c>algorithm,run,step,return</c>, one line a point. Numbers come back exactly.</summary>
/// <remarks>RFC 4180; a name with a comma or a quotation mark is quoted, and a name cannot hold a line break. Runs of an algorithm count from 1.</remarks>
public static class LearningCurveCsv
{
    private const string Header = "algorithm,run,step,return";
    private const long MaxBytes = 64L * 1024 * 1024;
    private const int MaxQuoted = 200;

    /// <summary>Writes curves; makes the file's folder where it is missing.</summary>
    /// <param name="path">The path of the CSV file; a file that is there is replaced.</param>
    /// <param name="curves">The curves to write, one row a point.</param>
    /// <exception cref="ArgumentException">The path is empty, a curve is null, or a name holds a line break.</exception>
    public static void Write(string path, IEnumerable<LearningCurve> curves)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(curves);
        var text = new StringBuilder(Header).Append('\n');
        var runs = new Dictionary<string, int>();
        foreach (var curve in curves)
        {
            ArgumentNullException.ThrowIfNull(curve, nameof(curves));
            var run = runs[curve.Algorithm] = runs.GetValueOrDefault(curve.Algorithm) + 1;
            for (var index = 0; index < curve.Steps.Count; index++)
                text.Append(CultureInfo.InvariantCulture,
                    $"{OutputFile.Quote(curve.Algorithm, "an algorithm")},{run},{curve.Steps[index]:R},{curve.Returns[index]:R}\n");
        }

        OutputFile.WriteText(path, text);
    }

    /// <summary>Reads curves, in the order of first appearance.</summary>
    /// <param name="path">The file, of at most 64 MiB.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read; <see cref="UnauthorizedAccessException"/> where it may not be.</exception>
    /// <exception cref="FormatException">The file is no such table, and the message gives the line; or the points of a run are no curve; or it is too
    /// long.</exception>
    public static IReadOnlyList<LearningCurve> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // Asked where a missing file leads to, .NET speaks of a missing folder.
        if (!Path.Exists(path)) throw new FileNotFoundException($"There is no file {path}.", path);
        // Pipes and devices have no length, and opening a pipe would wait for somebody to write into it.
        var length = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Length;
        if (length > MaxBytes) throw new FormatException(Invariant($"{path} has {length} bytes; no table of learning curves is larger than {MaxBytes}."));
        var lines = length == 0 ? [] : File.ReadAllLines(path);
        if (lines.Length == 0 || lines[0] != Header) throw new FormatException($"{path} does not begin with the line \"{Header}\".");
        try
        {
            return
            [
                .. lines.Select((line, index) => (Text: line, Number: index + 1)).Skip(1).Where(line => line.Text.Length > 0)
                    .Select(line => Parse(line.Text, line.Number, path))
                    .GroupBy(point => (point.Algorithm, point.Run))
                    .Select(run => new LearningCurve(run.Key.Algorithm, [.. run.Select(point => point.Step)], [.. run.Select(point => point.Return)])),
            ];
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"{path} holds a curve that is none: {exception.Message}", exception);
        }
    }

    private static (string Algorithm, int Run, double Step, double Return) Parse(string line, int number, string path)
    {
        // The three numbers hold no comma, so the name is all that stands before them.
        var parts = line.Split(',');
        if (parts.Length >= 4
            && int.TryParse(parts[^3], CultureInfo.InvariantCulture, out var run)
            && double.TryParse(parts[^2], CultureInfo.InvariantCulture, out var step)
            && double.TryParse(parts[^1], CultureInfo.InvariantCulture, out var value))
            return (Unquote(string.Join(',', parts[..^3])), run, step, value);
        throw new FormatException(
            Invariant($"Line {number} of {path} is \"{Beginning(line)}\", but must hold a name, a whole number and two numbers: {Header}."));
    }

    private static string Beginning(string line) => line.Length <= MaxQuoted ? line : $"{line[..MaxQuoted]}...";

    private static string Unquote(string name) =>
        name.Length > 1 && name[0] == '"' && name[^1] == '"' ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name;
}
