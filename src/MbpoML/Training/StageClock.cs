using System.Diagnostics;

namespace MbpoML.Training;

/// <summary>Adds up the time that each stage of a run takes.</summary>
internal sealed class StageClock
{
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly Dictionary<string, long> _ticks = [];

    public TimeSpan Elapsed => _total.Elapsed;

    /// <summary>Runs a stage and adds its time to the metric called <paramref name="name"/>.</summary>
    public void Measure(string name, Action stage)
    {
        var start = Stopwatch.GetTimestamp();
        stage();
        _ticks[name] = _ticks.GetValueOrDefault(name) + (Stopwatch.GetTimestamp() - start);
    }

    public void WriteTo(IDictionary<string, double> metrics)
    {
        foreach (var (name, ticks) in _ticks) metrics[name] = ticks / (double)Stopwatch.Frequency;
        metrics[MetricNames.TotalSeconds] = Elapsed.TotalSeconds;
    }
}
