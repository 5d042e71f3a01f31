using MbpoML.Dashboard.Runs;

namespace MbpoML.Dashboard.Watching;

/// <summary>Everything that the page knows before it asks for curves.</summary>
/// <param name="Now">The time of the server, in seconds since 1970.</param>
/// <param name="Runs">The runs.</param>
/// <param name="Shared">The options that all runs have alike, by their paths.</param>
/// <param name="Options">The other options of each run, by its identifier.</param>
/// <param name="Studies">The studies.</param>
/// <param name="Notes">What is not shown, in sentences.</param>
internal sealed record PageState(
    double Now, IReadOnlyList<RunSummary> Runs, IReadOnlyDictionary<string, string> Shared,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Options, IReadOnlyList<StudySummary> Studies, IReadOnlyList<string> Notes)
{
    /// <summary>Options that all runs have alike are told once: fifty runs have some five thousand options, of which a few differ.</summary>
    public static PageState Of(double now, IReadOnlyList<WatchedRun> runs, IReadOnlyList<WatchedStudy> studies, IReadOnlyList<string> notes)
    {
        var shared = runs.Count == 0 ? new Dictionary<string, string>()
            : runs[0].Options.Where(option => runs.All(run => run.Options.TryGetValue(option.Key, out var value) && value == option.Value)).ToDictionary();
        return new PageState(
            now, [.. runs.Select(run => run.Summary)], shared,
            runs.ToDictionary(
                run => run.Folder.Id,
                run => (IReadOnlyDictionary<string, string>)run.Options.Where(option => !shared.ContainsKey(option.Key)).ToDictionary()),
            [.. studies.Select(study => study.Summary)], notes);
    }
}
