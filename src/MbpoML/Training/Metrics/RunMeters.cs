using System.Diagnostics;

namespace MbpoML.Training.Metrics;

/// <summary>Tells the instruments of <see cref="RunTelemetry"/> what one run did.</summary>
/// <param name="algorithm">Its algorithm.</param>
/// <param name="seed">Its seed.</param>
/// <param name="isFromLog">Whether it learns from a log alone: the steps of its epochs are then updates, and none of an environment.</param>
internal sealed class RunMeters(string algorithm, int seed, bool isFromLog = false)
{
    private const string TimePrefix = "time/", TimeSuffix = "-seconds";

    private readonly KeyValuePair<string, object?>[] _tags = [new(RunTelemetry.AlgorithmTag, algorithm), new(RunTelemetry.SeedTag, seed)];
    private readonly Dictionary<string, double> _before = [];
    private long _stepsBefore;

    /// <summary>A run goes on from here: what was before it is not told again.</summary>
    public void Begin(EpochMetrics? last)
    {
        if (last is not { } epoch) return;
        _stepsBefore = epoch.Step;
        foreach (var (name, value) in epoch.Values) _before[name] = value;
    }

    /// <summary>An epoch was closed.</summary>
    public void Tell(EpochMetrics epoch)
    {
        if (!isFromLog) RunTelemetry.Steps.Add(epoch.Step - _stepsBefore, _tags);
        _stepsBefore = epoch.Step;
        RunTelemetry.Updates.Add((long)Since(epoch, MetricNames.TrainingUpdates), _tags);
        RunTelemetry.Episodes.Add((long)Since(epoch, MetricNames.TrainingEpisodes), _tags);
        RunTelemetry.FailedEpisodes.Add((long)Since(epoch, MetricNames.TrainingFailedEpisodes), _tags);
        foreach (var (name, value) in epoch.Values)
        {
            if (!name.StartsWith(TimePrefix, StringComparison.Ordinal)) RunTelemetry.Metric.Record(value, [.. _tags, new(RunTelemetry.MetricTag, name)]);
            else if (name != MetricNames.TotalSeconds)
                RunTelemetry.Stage.Record(Since(epoch, name), [.. _tags, new(RunTelemetry.StageTag, name[TimePrefix.Length..^TimeSuffix.Length])]);
        }
    }

    /// <summary>A checkpoint was written.</summary>
    public void TellCheckpoint(TimeSpan taken) => RunTelemetry.Checkpoint.Record(taken.TotalSeconds, _tags);

    /// <summary>Begins an activity, which ends when it is disposed; null where nobody listens.</summary>
    public Activity? Begin(string name) => RunTelemetry.Activities.StartActivity(name, ActivityKind.Internal, default(ActivityContext), _tags);

    /// <summary>Begins the activity of a stage; null also for a step and its updates, which are too short to be told one by one.</summary>
    public Activity? Begin(TrainingPhase stage) => stage switch
    {
        TrainingPhase.FittingModel => Begin("fit model"),
        TrainingPhase.RollingOut => Begin("roll out"),
        _ => null,
    };

    // Such metrics count from the beginning of the run.
    private double Since(EpochMetrics epoch, string name)
    {
        if (!epoch.Values.TryGetValue(name, out var value)) return 0;
        var change = value - _before.GetValueOrDefault(name);
        _before[name] = value;
        return Math.Max(0, change);
    }
}
