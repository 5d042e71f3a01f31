using MbpoML.Saving;
using MbpoML.Training.Metrics;

namespace MbpoML.Training;

/// <summary>The metrics of epochs in a checkpoint.</summary>
internal static class EpochHistory
{
    private const string Names = "names", Epochs = "epochs", Values = "values";

    /// <summary>Writes epochs.</summary>
    /// <param name="to">The writer that receives the values.</param>
    /// <param name="epochs">In order.</param>
    public static void Save(IStateWriter to, IReadOnlyList<EpochMetrics> epochs)
    {
        // One list of numbers for each epoch: epoch, step, then the number and the name of every value.
        var names = epochs.SelectMany(epoch => epoch.Values.Keys).Distinct().ToArray();
        var numbers = names.Select((name, number) => (name, number)).ToDictionary(entry => entry.name, entry => (long)entry.number);
        to.Add(Names, string.Join('\n', names));
        to.Add(
            Epochs, [.. epochs.SelectMany(epoch => (long[])[epoch.Epoch, epoch.Step, epoch.Values.Count, .. epoch.Values.Keys.Select(name => numbers[name])])]);
        to.Add(Values, [.. epochs.SelectMany(epoch => epoch.Values.Values)]);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="CheckpointException">It makes no sense.</exception>
    public static List<EpochMetrics> Read(IStateReader from)
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
