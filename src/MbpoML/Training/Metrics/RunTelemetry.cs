using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MbpoML.Training.Metrics;

/// <summary>
/// What runs tell to whoever listens in the process by <c>System.Diagnostics</c>: a meter and a source of activities. OpenTelemetry and <c>dotnet-counters</c>
/// take both by their name. Where nobody listens it costs nothing.
/// </summary>
/// <remarks>
/// All instruments have the tags <see cref="AlgorithmTag"/> and <see cref="SeedTag"/>. They are told when an epoch closes, so that a step of the environment is
/// never slowed down. Values are those of docs/metrics.md.
/// </remarks>
public static class RunTelemetry
{
    /// <summary>The name of the meter and of the source of activities: MbpoML.</summary>
    public const string SourceName = "MbpoML";

    /// <summary>Counter: real steps of the environment.</summary>
    public const string StepsInstrument = "mbpoml.environment.steps";

    /// <summary>Counter: episodes that ended in the environment.</summary>
    public const string EpisodesInstrument = "mbpoml.environment.episodes";

    /// <summary>Counter: episodes in which the environment failed.</summary>
    public const string FailedEpisodesInstrument = "mbpoml.environment.failed_episodes";

    /// <summary>Counter: updates of the policy.</summary>
    public const string UpdatesInstrument = "mbpoml.policy.updates";

    /// <summary>Gauge: the newest value of each metric of an epoch; the tag <see cref="MetricTag"/> holds its name, as in "evaluation/return-mean".</summary>
    public const string MetricInstrument = "mbpoml.epoch.metric";

    /// <summary>Histogram, seconds: the time of each stage in an epoch; the tag <see cref="StageTag"/> holds its name, as in "model".</summary>
    public const string StageInstrument = "mbpoml.stage.duration";

    /// <summary>Histogram, seconds: the time that a checkpoint took.</summary>
    public const string CheckpointInstrument = "mbpoml.checkpoint.duration";

    /// <summary>The tag with the algorithm of the run.</summary>
    public const string AlgorithmTag = "mbpoml.algorithm";

    /// <summary>The tag with the seed of the run.</summary>
    public const string SeedTag = "mbpoml.seed";

    /// <summary>The tag with the name of a metric.</summary>
    public const string MetricTag = "mbpoml.metric";

    /// <summary>The tag with the name of a stage.</summary>
    public const string StageTag = "mbpoml.stage";

    internal static readonly ActivitySource Activities = new(SourceName);

    private static readonly Meter Meter = new(SourceName);

    internal static readonly Counter<long> Steps = Meter.CreateCounter<long>(StepsInstrument, "{step}", "Real steps of the environment.");

    internal static readonly Counter<long> Episodes = Meter.CreateCounter<long>(EpisodesInstrument, "{episode}", "Episodes that ended.");

    internal static readonly Counter<long> FailedEpisodes =
        Meter.CreateCounter<long>(FailedEpisodesInstrument, "{episode}", "Episodes in which the environment failed.");

    internal static readonly Counter<long> Updates = Meter.CreateCounter<long>(UpdatesInstrument, "{update}", "Updates of the policy.");

    internal static readonly Gauge<double> Metric = Meter.CreateGauge<double>(MetricInstrument, description: "The newest value of each metric.");

    internal static readonly Histogram<double> Stage = Meter.CreateHistogram<double>(StageInstrument, "s", "The time of each stage in an epoch.");

    internal static readonly Histogram<double> Checkpoint = Meter.CreateHistogram<double>(CheckpointInstrument, "s", "The time that a checkpoint took.");
}
