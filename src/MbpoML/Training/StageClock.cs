using MbpoML.Saving;
using MbpoML.Training.Metrics;

namespace MbpoML.Training;

/// <summary>Adds up the time that each stage of a run takes.</summary>
/// <param name="time">Measures it.</param>
internal sealed class StageClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<string, long> _ticks = [];

    private TimeSpan _before;
    // What stages inside the one that runs have taken so far.
    private long _inside;

    public TimeSpan Elapsed => _before + time.GetElapsedTime(_start);

    /// <summary>Runs a stage and adds its time to the metric called <paramref name="name"/>; the time of a stage inside it counts for that one alone.</summary>
    public void Measure(string name, Action stage)
    {
        var (start, inside) = (time.GetTimestamp(), _inside);
        _inside = 0;
        stage();
        var taken = time.GetTimestamp() - start;
        _ticks[name] = _ticks.GetValueOrDefault(name) + taken - _inside;
        _inside = inside + taken;
    }

    /// <summary>The seconds that a stage took in all.</summary>
    public double Seconds(string name) => _ticks.GetValueOrDefault(name) / (double)time.TimestampFrequency;

    public void Save(IStateWriter to)
    {
        to.Add("stages", string.Join('\n', _ticks.Keys));
        to.Add("seconds", [.. _ticks.Values.Select(ticks => ticks / (double)time.TimestampFrequency), Elapsed.TotalSeconds]);
    }

    /// <summary>Goes on counting from where a stopped run was.</summary>
    public void Restore(IStateReader from)
    {
        var (stages, seconds) = (from.Text("stages").Split('\n', StringSplitOptions.RemoveEmptyEntries), from.Doubles("seconds"));
        if (seconds.Length != stages.Length + 1 || seconds.Any(value => !(value >= 0 && value < TimeSpan.MaxValue.TotalSeconds / 2)))
            throw from.Damaged("the times of its stages make no sense");
        _before = TimeSpan.FromSeconds(seconds[^1]);
        foreach (var (stage, value) in stages.Zip(seconds)) _ticks[stage] = (long)(value * time.TimestampFrequency);
    }

    public void WriteTo(IDictionary<string, double> metrics)
    {
        foreach (var (name, ticks) in _ticks) metrics[name] = ticks / (double)time.TimestampFrequency;
        metrics[MetricNames.TotalSeconds] = Elapsed.TotalSeconds;
    }
}
