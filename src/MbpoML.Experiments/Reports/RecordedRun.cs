using MbpoML.Experiments.Tasks;
using MbpoML.Training.Metrics;

namespace MbpoML.Experiments.Reports;

/// <summary>What a run has recorded so far, read from its folder or from a <see cref="CurveFile"/>.</summary>
public sealed record RecordedRun
{
    // Of what differs, before a picture's legend and a table's head become too wide.
    private const int MostLetters = 60;

    /// <summary>The folder of the run, or its curve file, as it was written.</summary>
    public required string Place { get; init; }

    /// <summary>The name of its task.</summary>
    public required string Task { get; init; }

    /// <summary>The name of its algorithm on the command line, as in "dhmbpo".</summary>
    public required string Algorithm { get; init; }

    /// <summary>What its group is called: algorithm, preset where it is not the default, and what differs from that.</summary>
    public required string Label { get; init; }

    /// <summary>The options that differ from the preset, one after the other, as in "Trainer.UpdatesPerStep=10"; empty where none does.</summary>
    public required string Settings { get; init; }

    /// <summary>The seed from which all random numbers of the run follow.</summary>
    public required int Seed { get; init; }

    /// <summary>Its evaluations, in order of steps; empty before the first.</summary>
    public required IReadOnlyList<RunEvaluation> Evaluations { get; init; }

    /// <summary>Steps of its last closed epoch.</summary>
    public required long Steps { get; init; }

    /// <summary>The steps that it is to take in all.</summary>
    public required long PlannedSteps { get; init; }

    /// <summary>Seconds that the steps of its closed epochs took.</summary>
    public required double Seconds { get; init; }

    /// <summary>The machines that it ran on, each once; empty where they are not known.</summary>
    public required IReadOnlyList<string> Machines { get; init; }

    /// <summary>Whether it has taken all its steps.</summary>
    public required bool IsFinished { get; init; }

    /// <summary>What it is a seed of: equal for runs that differ in nothing else that counts.</summary>
    public string Group => $"{Label} {Settings}";

    /// <summary>Reads options, metrics and report of a run.</summary>
    /// <param name="folder">The run; it may be under way.</param>
    /// <param name="tasks">The tasks that it may name.</param>
    /// <exception cref="RunDataException">A line of its metrics cannot be read.</exception>
    /// <exception cref="RunSpecException">Its options cannot be read.</exception>
    public static RecordedRun Read(RunFolder folder, TaskCatalog tasks)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(tasks);
        var (records, options) = (RecordsOf(folder), RunOptions.Read(folder.Options, tasks));
        var changes = options.Changes;
        return new RecordedRun
        {
            Place = folder.Path,
            Task = options.Task.Name,
            Algorithm = options.Algorithm.Name,
            Label = options.Label ?? $"{TitleOf(options)}{ChangesOf(changes)}",
            Settings = string.Join(", ", changes.Select(change => $"{change.Key}={change.Value}")),
            Seed = options.Seed,
            Evaluations = [.. records.Where(IsEvaluated).Select(Evaluation)],
            Steps = records.Count > 0 ? records[^1].Step : 0,
            PlannedSteps = options.Settings.TrainerOptions.Steps,
            Seconds = records.Count > 0 ? records[^1].Metrics.GetValueOrDefault(MetricNames.TotalSeconds) : 0,
            Machines = [.. (RunReport.Read(folder.Report)?.Sessions ?? []).Select(session =>
                Invariant($"{session.Machine.Processor}, {Cores(session.Machine.Cores)}, {session.Machine.Torch}")).Distinct()],
            IsFinished = options.IsFinishedIn(folder),
        };
    }

    private static string Cores(int number) => number == 1 ? "1 core" : Invariant($"{number} cores");

    private static IReadOnlyList<MetricsRecord> RecordsOf(RunFolder folder)
    {
        try
        {
            return File.Exists(folder.Metrics) ? MetricsFile.Read(folder.Metrics) : [];
        }
        catch (FormatException exception)
        {
            throw new RunDataException(exception.Message);
        }
    }

    private static bool IsEvaluated(MetricsRecord record) =>
        record.Metrics.TryGetValue(MetricNames.EvaluationReturnMean, out var value) && double.IsFinite(value);

    private static RunEvaluation Evaluation(MetricsRecord record) => new(
        record.Step,
        record.Metrics[MetricNames.EvaluationReturnMean],
        record.Metrics.TryGetValue(MetricNames.EvaluationLengthMean, out var length) && double.IsFinite(length) ? length : null,
        record.Metrics.GetValueOrDefault(MetricNames.TotalSeconds));

    private static string TitleOf(RunOptions options) => options.Preset.Equals(options.Task.DefaultPreset, StringComparison.OrdinalIgnoreCase)
        ? options.Algorithm.Label : $"{options.Algorithm.Label} {options.Preset}";

    private static string ChangesOf(IReadOnlyDictionary<string, string> changes) =>
        string.Join(", ", changes.Select(change => $"{change.Key} {change.Value}")) switch
        {
            "" => "",
            { Length: <= MostLetters } all => $" ({all})",
            _ => $" ({changes.Count} options changed)",
        };
}
