using System.Globalization;
using System.Text;
using MbpoML.Training.Checkpoints;

namespace MbpoML.Experiments.Reports;

/// <summary>
/// The learning curve of one run as a small table that can be committed: <c>step,return,length,seconds</c>, a line an evaluation, below lines such as
/// <c># task: Hopper</c> that say what was run. Reports and pictures take it in place of the run's folder.
/// </summary>
/// <remarks>Returns are rounded to three decimals, lengths and seconds to one. The length is empty where it was not recorded.</remarks>
public static class CurveFile
{
    /// <summary>The ending of its name.</summary>
    public const string Extension = ".csv";

    internal const string FirstLine = "# MbpoML: curve of a run";
    internal const string Columns = "step,return,length,seconds";

    /// <summary>Writes the curve of a run, whole or not at all; makes the file's folder where it is missing.</summary>
    /// <param name="path">The path of the file to write.</param>
    /// <param name="run">The run, which has evaluated at least once.</param>
    /// <exception cref="RunDataException">The run has not evaluated yet.</exception>
    public static void Write(string path, RecordedRun run)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(run);
        if (run.Evaluations.Count == 0) throw new RunDataException($"'{run.Place}' has not evaluated its policy yet: it has no curve.");
        var text = new StringBuilder(FirstLine).Append('\n');
        foreach (var (key, value) in HeadOf(run)) text.Append(CultureInfo.InvariantCulture, $"# {key}: {OneLine(value, CurveFileReader.MostLetters(key))}\n");
        text.Append(Columns).Append('\n');
        foreach (var point in run.Evaluations)
            text.Append(CultureInfo.InvariantCulture, $"{point.Step},{point.Return:0.###},{point.Length:0.#},{point.Seconds:0.#}\n");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Reads the curve of a run. The file may come from anywhere: it is checked line by line.</summary>
    /// <param name="path">The file, of at most 4 MiB.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read; <see cref="UnauthorizedAccessException"/> where it may not be.</exception>
    /// <exception cref="RunDataException">It holds no such curve; the message gives the line and what was expected.</exception>
    public static RecordedRun Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new CurveFileReader(path).Read();
    }

    /// <summary>Whether a file of a folder is the curve of a run, by its first line.</summary>
    internal static bool IsOne(string path)
    {
        if (!path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) || CurveFileReader.LengthOf(path) < FirstLine.Length) return false;
        using var file = new StreamReader(path, Encoding.UTF8);
        var letters = new char[FirstLine.Length];
        return file.ReadBlock(letters) == letters.Length && letters.AsSpan().SequenceEqual(FirstLine);
    }

    /// <summary>Where the curves of a collection lie: algorithm, task and seed, as in <c>dhmbpo/Hopper/seed-1.csv</c>.</summary>
    /// <param name="name">The name of the run's group, as tables have it.</param>
    /// <param name="run">The run.</param>
    internal static string PlaceOf(string name, RecordedRun run)
    {
        var folder = string.Join('-', new string([.. name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var task = MarkdownText.FileName(run.Task).Trim('.');
        return Path.Combine(
            folder.Length > 0 ? folder : run.Algorithm, task.Length > 0 ? task : "task", Invariant($"seed-{run.Seed}{Extension}"));
    }

    private static IEnumerable<(string Key, string Value)> HeadOf(RecordedRun run) =>
    [
        (CurveFileReader.Task, run.Task),
        (CurveFileReader.Algorithm, run.Algorithm),
        (CurveFileReader.Label, run.Label),
        (CurveFileReader.Settings, run.Settings),
        (CurveFileReader.Seed, Invariant($"{run.Seed}")),
        (CurveFileReader.Steps, Invariant($"{run.Steps}")),
        (CurveFileReader.Planned, Invariant($"{run.PlannedSteps}")),
        (CurveFileReader.Seconds, Invariant($"{run.Seconds:0.#}")),
        .. run.Machines.Select(machine => (CurveFileReader.Machine, machine)),
    ];

    // A line break in a name of the user's would begin another line.
    private static string OneLine(string text, int most) => new([.. text.Take(most).Select(letter => CurveFileReader.IsPlain(letter) ? letter : ' ')]);
}
