using MbpoML.Saving;
using MbpoML.Training.Metrics;

namespace MbpoML.Training;

/// <content>What a stopped run must keep of what it measured.</content>
internal sealed partial class EpochRecorder
{
    private const string ClockPart = "clock";

    public string Name => "metrics";

    /// <summary>Writes all closed epochs, what the open one has so far, and what is due.</summary>
    public void Save(IStateWriter to)
    {
        Clock.Save(to.Under(ClockPart));
        to.Add("evaluation-due", _evaluationDue ?? -1);
        to.Add("last-evaluation", _lastEvaluation is { } last ? [last] : []);
        // The open epoch comes last.
        EpochHistory.Save(to, [.. _history, new EpochMetrics(-1, counters.Step, _current)]);
    }

    /// <summary>Goes on from what was measured before; see also <see cref="ResumeWriters"/>.</summary>
    public void Restore(IStateReader from)
    {
        Clock.Restore(from.Under(ClockPart));
        _evaluationDue = from.WholeNumber("evaluation-due") is >= 0 and <= int.MaxValue and var due ? (int)due : null;
        _lastEvaluation = from.Doubles("last-evaluation") is [var last] ? last : null;
        var epochs = EpochHistory.Read(from);
        if (epochs is not [.., { Epoch: -1 } open]) throw from.Damaged("it has no open epoch");
        _history.Clear();
        _history.AddRange(epochs[..^1]);
        _current = new Dictionary<string, double>(open.Values);
        meters.Begin(_history.Count > 0 ? _history[^1] : null);
    }

    /// <summary>Brings the metrics writers to where the run goes on.</summary>
    public void ResumeWriters()
    {
        foreach (var writer in settings.MetricsWriters) writer.Resume(_history);
    }
}
