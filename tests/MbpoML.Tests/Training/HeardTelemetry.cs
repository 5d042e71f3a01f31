using System.Diagnostics;
using System.Diagnostics.Metrics;
using MbpoML.Training.Metrics;

namespace MbpoML.Tests.Training;

/// <summary>All that runs tell while it listens.</summary>
internal sealed class HeardTelemetry : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public HeardTelemetry()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RunTelemetry.SourceName) listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Values.Add(new(instrument.Name, value, Of(tags))));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Values.Add(new(instrument.Name, value, Of(tags))));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RunTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Ended.Add,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    /// <summary>What the instruments measured.</summary>
    public List<Measured> Values { get; } = [];

    /// <summary>The activities, in the order of their ends.</summary>
    public List<Activity> Ended { get; } = [];

    public double Sum(string name) => Values.Where(value => value.Name == name).Sum(value => value.Number);

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
    }

    private static Dictionary<string, object?> Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) => new(tags.ToArray());

    public sealed record Measured(string Name, double Number, IReadOnlyDictionary<string, object?> Tags);
}
