using System.Diagnostics;
using MbpoML.Training.Checkpoints;

namespace MbpoML.Training;

/// <summary>Adds up the time that each stage of a run takes.</summary>
internal sealed class StageClock
{
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly Dictionary<string, long> _ticks = [];

    private TimeSpan _before;

    public TimeSpan Elapsed => _before + _total.Elapsed;

    /// <summary>Runs a stage and adds its time to the metric called <paramref name="name"/>.</summary>
    public void Measure(string name, Action stage)
    {
        var start = Stopwatch.GetTimestamp();
        stage();
        _ticks[name] = _ticks.GetValueOrDefault(name) + (Stopwatch.GetTimestamp() - start);
    }

    public void Save(CheckpointWriter writer)
    {
        writer.Add("clock/stages", string.Join('\n', _ticks.Keys));
        writer.Add("clock/seconds", [.. _ticks.Values.Select(ticks => ticks / (double)Stopwatch.Frequency), Elapsed.TotalSeconds]);
    }

    /// <summary>Goes on counting from where a stopped run was.</summary>
    public void Restore(CheckpointReader reader)
    {
        var (stages, seconds) = (reader.Text("clock/stages").Split('\n', StringSplitOptions.RemoveEmptyEntries), reader.Doubles("clock/seconds"));
        if (seconds.Length != stages.Length + 1 || seconds.Any(value => !(value >= 0 && value < TimeSpan.MaxValue.TotalSeconds / 2))) throw reader.Damaged("the times of its stages make no sense");
        _before = TimeSpan.FromSeconds(seconds[^1]);
        foreach (var (stage, value) in stages.Zip(seconds)) _ticks[stage] = (long)(value * Stopwatch.Frequency);
    }

    public void WriteTo(IDictionary<string, double> metrics)
    {
        foreach (var (name, ticks) in _ticks) metrics[name] = ticks / (double)Stopwatch.Frequency;
        metrics[MetricNames.TotalSeconds] = Elapsed.TotalSeconds;
    }
}
