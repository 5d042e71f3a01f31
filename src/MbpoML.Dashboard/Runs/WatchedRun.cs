using System.Globalization;
using MbpoML.Dashboard.Files;
using MbpoML.Training.Metrics;

namespace MbpoML.Dashboard.Runs;

/// <summary>A run that the page shows: its files are read again where they changed. One thread at a time uses it, under <see cref="Gate"/>.</summary>
internal sealed class WatchedRun
{
    private const int MaxFileBytes = 1 << 20;
    private const int RowsOfRate = 10;

    private readonly MetricsFollower _follower;
    private FileStamp? _optionsStamp, _reportStamp;
    private ReportContent _report = ReportContent.None;

    public WatchedRun(FoundFolder folder, DashboardOptions options, ValueBudget budget)
    {
        Folder = folder;
        Table = new MetricsTable(budget);
        _follower = new MetricsFollower(folder.Root, folder.In("metrics.jsonl"), options.MaxMetricsBytes, Table);
        ReadFiles();
        _follower.Read();
        Summary = Summarize();
    }

    /// <summary>Held by whoever reads or changes the run.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Where it is.</summary>
    public FoundFolder Folder { get; }

    /// <summary>Its metrics.</summary>
    public MetricsTable Table { get; }

    /// <summary>Its options, by their paths.</summary>
    public IReadOnlyDictionary<string, string> Options { get; private set; } = new Dictionary<string, string>();

    /// <summary>Its films.</summary>
    public IReadOnlyList<Film> Films { get; private set; } = [];

    /// <summary>What the page tells of it.</summary>
    public RunSummary Summary { get; private set; }

    /// <summary>Reads what was added to its metrics.</summary>
    /// <returns>The first row that is new or changed; null where nothing happened.</returns>
    public int? ReadMetrics()
    {
        var first = _follower.Read();
        if (first is not null) Summary = Summarize();
        return first;
    }

    /// <summary>Reads options, report and films where they changed.</summary>
    /// <returns>Whether the page has to tell something else.</returns>
    public bool ReadFiles()
    {
        var optionsBefore = _optionsStamp;
        if (Changed("options.json", ref _optionsStamp) is { } options) Options = OptionList.Read(options);
        if (Changed("report.json", ref _reportStamp) is { } report) _report = ReportContent.Read(report);
        Films = Film.Of(Folder);
        var before = Summary;
        Summary = Summarize();
        return optionsBefore != _optionsStamp || before?.IsSameAs(Summary) != true;
    }

    /// <summary>Gives back what its numbers took.</summary>
    public void Forget() => Table.Clear();

    private byte[]? Changed(string file, ref FileStamp? stamp)
    {
        var now = GuardedFile.Stamp(Folder.Root, Folder.In(file));
        if (now == stamp) return null;
        stamp = now;
        return GuardedFile.ReadAll(Folder.Root, Folder.In(file), MaxFileBytes) ?? [];
    }

    private RunSummary Summarize()
    {
        var last = Table.Count - 1;
        return new RunSummary(
            Folder.Id, Folder.Name, Option("task") ?? "unknown task", Option("algorithm") ?? "mbpo", Option("label"), Option("seed") ?? "1", _report.Status,
            last >= 0 ? Table.StepOf(last) : 0,
            long.TryParse(Option("Trainer.Steps"), NumberStyles.None, CultureInfo.InvariantCulture, out var planned) ? planned : null,
            Math.Max(_report.Seconds, last >= 0 ? Table.SecondsAt(last) ?? 0 : 0), RateAt(last), Table.Count,
            last >= 0 && Table.TimeOf(last) > 0 ? Table.TimeOf(last) : null,
            Table.Columns.TryGetValue(MetricNames.EvaluationReturnMean, out var returns) && returns.Count > 0 ? returns.Values[^1] : null,
            _report.Failure, _report.Started, _report.Machine, _follower.Generation, [.. Table.Columns.Keys.Order(StringComparer.Ordinal)],
            Table.Columns.Where(column => IsTime(column.Key) && column.Value.Count > 0).ToDictionary(column => column.Key, column => column.Value.Values[^1]),
            [.. Films.Select(film => new FilmName(film.Name, film.ContentType.StartsWith("video/", StringComparison.Ordinal)))], [.. Notes()]);
    }

    private static bool IsTime(string metric) =>
        metric.StartsWith("time/", StringComparison.Ordinal) && metric.EndsWith("-seconds", StringComparison.Ordinal);

    // By the seconds of training, which do not pass between two sessions.
    private double? RateAt(int last)
    {
        if (last < 1) return null;
        var first = Math.Max(0, last - RowsOfRate);
        var seconds = Table.SecondsAt(last) - Table.SecondsAt(first);
        return seconds > 0 ? (Table.StepOf(last) - Table.StepOf(first)) / seconds : null;
    }

    private IEnumerable<string> Notes()
    {
        if (Options.Count == 0) yield return "Its options.json cannot be read.";
        if (_follower.BrokenLines > 0) yield return Invariant($"{_follower.BrokenLines} of its lines are not metrics and were left out.");
        if (_follower.IsCut) yield return "Its file of metrics is longer than the dashboard reads: later lines are left out.";
        if (Table.IsFull) yield return "It has more numbers than the dashboard keeps: some are left out.";
    }

    private string? Option(string path) => Options.GetValueOrDefault(path) is { Length: > 0 } text and not "null" ? text : null;
}
