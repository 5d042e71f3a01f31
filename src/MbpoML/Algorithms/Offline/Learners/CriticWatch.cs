using MbpoML.Numerics;
using MbpoML.Saving;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>Sums what updates measure, and says when critics have exploded.</summary>
/// <param name="names">The metrics, in the order in which they are added; the second one is the mean value of the critics.</param>
/// <param name="largestValue">So large a mean value of the critics is no result of learning.</param>
internal sealed class CriticWatch(IReadOnlyList<string> names, double largestValue) : ISaved
{
    private readonly double[] _sums = new double[names.Count];
    private int _updates;

    public string Name => "metrics";

    /// <summary>An update was made.</summary>
    /// <param name="values">What it measured.</param>
    public void Add(params ReadOnlySpan<double> values)
    {
        for (var index = 0; index < _sums.Length; index++) _sums[index] += values[index];
        _updates++;
    }

    /// <summary>The means since the last call.</summary>
    public IReadOnlyDictionary<string, double> Take()
    {
        if (_updates == 0) return new Dictionary<string, double>();
        var means = names.Zip(_sums).ToDictionary(metric => metric.First, metric => metric.Second / _updates);
        Array.Clear(_sums);
        _updates = 0;
        return means;
    }

    /// <exception cref="LearningException">The critics' mean value is not finite or far too large.</exception>
    public void ThrowIfDiverged()
    {
        if (_updates == 0) return;
        var mean = _sums[1] / _updates;
        if (!double.IsFinite(mean) || Math.Abs(mean) > largestValue)
            throw new LearningException(
                "mean value of the critics", mean,
                Invariant($"It is beyond {largestValue:g3}, a thousand times what the rewards can add up to: the critics overestimate actions that the log ") +
                    "does not have. Take a lower Discount or LearningRate, or more data.");
    }

    public void Save(IStateWriter to)
    {
        to.Add("sums", _sums);
        to.Add("updates", _updates);
    }

    public void Restore(IStateReader from)
    {
        var (sums, updates) = (from.Doubles("sums"), from.Count("updates"));
        if (sums.Length != _sums.Length || updates > int.MaxValue) throw from.Damaged("its sums of metrics are not as many as are needed");
        sums.CopyTo(_sums, 0);
        _updates = (int)updates;
    }
}
