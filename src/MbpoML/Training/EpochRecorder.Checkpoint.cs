using MbpoML.Saving;
using MbpoML.Training.Metrics;

namespace MbpoML.Training;

/// <content>What a stopped run must keep of what it measured.</content>
internal sealed partial class EpochRecorder
{
    private const string ClockPart = "clock";
    private const string Names = "names";
    private const string Epochs = "epochs";
    private const string Values = "values";

    public string Name => "metrics";

    /// <summary>Writes all closed epochs, what the open one has so far, and what is due.</summary>
    public void Save(IStateWriter to)
    {
        Clock.Save(to.Under(ClockPart));
        to.Add("evaluation-due", _evaluationDue ?? -1);
        to.Add("last-evaluation", _lastEvaluation is { } last ? [last] : []);
        // One list of numbers for each epoch: epoch, step, then the number and the name of every value. The open epoch comes last.
        var epochs = _history.Append(new EpochMetrics(-1, counters.Step, _current)).ToArray();
        var names = epochs.SelectMany(epoch => epoch.Values.Keys).Distinct().ToArray();
        var numbers = names.Select((name, number) => (name, number)).ToDictionary(entry => entry.name, entry => (long)entry.number);
        to.Add(Names, string.Join('\n', names));
        to.Add(
            Epochs, [.. epochs.SelectMany(epoch => (long[])[epoch.Epoch, epoch.Step, epoch.Values.Count, .. epoch.Values.Keys.Select(name => numbers[name])])]);
        to.Add(Values, [.. epochs.SelectMany(epoch => epoch.Values.Values)]);
    }

    /// <summary>Goes on from what was measured before; see also <see cref="ResumeWriters"/>.</summary>
    public void Restore(IStateReader from)
    {
        Clock.Restore(from.Under(ClockPart));
        _evaluationDue = from.WholeNumber("evaluation-due") is >= 0 and <= int.MaxValue and var due ? (int)due : null;
        _lastEvaluation = from.Doubles("last-evaluation") is [var last] ? last : null;
        var epochs = ReadEpochs(from);
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

    private static List<EpochMetrics> ReadEpochs(IStateReader from)
    {
        var (names, values) = (from.Text(Names).Split('\n'), new Queue<double>(from.Doubles(Values)));
        var numbers = new Queue<long>(from.Integers(Epochs));
        var epochs = new List<EpochMetrics>();
        try
        {
            while (numbers.Count > 0)
            {
                var (epoch, step) = (checked((int)numbers.Dequeue()), checked((int)numbers.Dequeue()));
                var metrics = new Dictionary<string, double>();
                for (var left = numbers.Dequeue(); left > 0; left--) metrics.Add(names[checked((int)numbers.Dequeue())], values.Dequeue());
                epochs.Add(new EpochMetrics(epoch, step, metrics));
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException or IndexOutOfRangeException or ArgumentException)
        {
            throw from.Damaged("the metrics of its epochs make no sense", exception);
        }

        return epochs;
    }
}
