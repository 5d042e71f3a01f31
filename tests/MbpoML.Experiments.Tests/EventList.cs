using MbpoML.Experiments.Execution;

namespace MbpoML.Experiments.Tests;

/// <summary>Keeps events, and does something at each.</summary>
internal sealed class EventList(Action<RunEvent>? then = null) : IProgress<RunEvent>
{
    private readonly List<RunEvent> _all = [];

    public IReadOnlyList<RunEvent> All
    {
        get
        {
            lock (_all) return [.. _all];
        }
    }

    public void Report(RunEvent value)
    {
        lock (_all) _all.Add(value);
        then?.Invoke(value);
    }
}
