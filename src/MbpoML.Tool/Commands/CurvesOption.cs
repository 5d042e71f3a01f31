using System.CommandLine;
using MbpoML.Experiments.Reports;

namespace MbpoML.Tool.Commands;

/// <summary>Where the curve of each run is written as a small table: the option <c>--curves</c>.</summary>
internal sealed class CurvesOption
{
    private readonly FolderOption _folder = new(
        "--curves", "A folder for the curve of each run as a small .csv, by algorithm, task and seed; plot and report take these files in place of the runs.");

    public Option Option => _folder.Option;

    /// <summary>Writes the curves, if they are asked for, and says so.</summary>
    /// <exception cref="UsageException">The folder cannot be made.</exception>
    public void Write(ParseResult parsed, IReadOnlyList<TaskRuns> tasks, TextWriter output)
    {
        if (!_folder.IsGiven(parsed)) return;
        var folder = _folder.Read(parsed, "docs/curves");
        var files = CurveFolder.Write(folder, tasks);
        output.WriteLine(Invariant($"wrote {files.Count} {(files.Count == 1 ? "curve" : "curves")} to {folder}"));
    }
}
