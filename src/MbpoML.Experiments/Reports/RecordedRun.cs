using MbpoML.Experiments.Tasks;
using MbpoML.Training.Metrics;

namespace MbpoML.Experiments.Reports;

/// <summary>What a run has recorded so far.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Options">What it was started with.</param>
/// <param name="Evaluations">Steps and mean returns of its evaluations, in order; empty before the first.</param>
/// <param name="Steps">Steps of its last closed epoch.</param>
/// <param name="Seconds">What they took.</param>
/// <param name="Report">Its report.json; null where there is none.</param>
public sealed record RecordedRun(
    RunFolder Folder, RunOptions Options, IReadOnlyList<(double Step, double Return)> Evaluations, long Steps, double Seconds, RunReport? Report)
{
    // Of what differs, before a picture's legend and a table's head become too wide.
    private const int MostLetters = 60;

    /// <summary>What it is a seed of: equal for runs that differ in nothing else that counts.</summary>
    public string Group { get; } = $"{TitleOf(Options)} {string.Join(' ', Options.Changes)}";

    /// <summary>What its group is called: algorithm, preset where it is not the default, and what differs from that.</summary>
    public string Label { get; } = Options.Label ?? $"{TitleOf(Options)}{ChangesOf(Options.Changes)}";

    /// <summary>Reads options, metrics and report of a run.</summary>
    /// <param name="folder">The run; it may be under way.</param>
    /// <param name="tasks">The tasks that it may name.</param>
    /// <exception cref="RunDataException">A line of its metrics cannot be read.</exception>
    /// <exception cref="RunSpecException">Its options cannot be read.</exception>
    public static RecordedRun Read(RunFolder folder, TaskCatalog tasks)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(tasks);
        IReadOnlyList<MetricsRecord> records;
        try
        {
            records = File.Exists(folder.Metrics) ? MetricsFile.Read(folder.Metrics) : [];
        }
        catch (FormatException exception)
        {
            throw new RunDataException(exception.Message);
        }

        var evaluations = records
            .Where(record => record.Metrics.TryGetValue(MetricNames.EvaluationReturnMean, out var value) && double.IsFinite(value))
            .Select(record => ((double)record.Step, record.Metrics[MetricNames.EvaluationReturnMean]));
        var last = records.Count > 0 ? records[^1] : null;
        return new RecordedRun(
            folder, RunOptions.Read(folder.Options, tasks), [.. evaluations], last?.Step ?? 0, last?.Metrics.GetValueOrDefault(MetricNames.TotalSeconds) ?? 0,
            RunReport.Read(folder.Report));
    }

    private static string TitleOf(RunOptions options) =>
        options.Label ?? (options.Preset.Equals(options.Task.DefaultPreset, StringComparison.OrdinalIgnoreCase)
            ? options.Algorithm.Label : $"{options.Algorithm.Label} {options.Preset}");

    private static string ChangesOf(IReadOnlyDictionary<string, string> changes) =>
        string.Join(", ", changes.Select(change => $"{change.Key} {change.Value}")) switch
    {
        "" => "",
        { Length: <= MostLetters } all => $" ({all})",
        _ => $" ({changes.Count} options changed)",
    };
}
