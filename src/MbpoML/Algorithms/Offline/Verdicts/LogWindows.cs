using MbpoML.Data;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>Places of a log behind which a whole horizon was logged, and what was earned there.</summary>
internal sealed class LogWindows
{
    // The horizon where the episodes are longer, in steps: models are hardly good for more.
    private const int UsualHorizon = 200;

    private readonly long[] _episodes;
    private readonly float[] _rewards;
    private readonly bool[] _terminated;

    /// <param name="log">The log.</param>
    /// <param name="horizon">Steps; null: the median length of the episodes, at most 200.</param>
    /// <exception cref="ArgumentException">No episode is as long.</exception>
    public LogWindows(OfflineLog log, int? horizon)
    {
        using var scope = NewDisposeScope();
        var (layout, rows) = (log.Layout, log.Rows);
        using var numbers = EpisodeNumbers.Of(layout, rows);
        _episodes = numbers.data<long>().ToArray();
        _rewards = layout.Reward(rows).contiguous().data<float>().ToArray();
        _terminated = [.. layout.Terminated(rows).contiguous().data<float>().ToArray().Select(flag => flag > 0.5)];
        int[] lengths = [.. _episodes.CountBy(episode => episode).Select(episode => episode.Value).Order()];
        (EpisodeCount, Horizon) = (lengths.Length, horizon ?? Math.Min(UsualHorizon, lengths[lengths.Length / 2]));
    }

    /// <summary>Episodes of the log.</summary>
    public int EpisodeCount { get; }

    /// <summary>Steps of a window.</summary>
    public int Horizon { get; }

    /// <summary>Beginnings of episodes where there are enough of them, else rows evenly along the log; each with a whole horizon, or the task's end, behind
    /// it.</summary>
    /// <param name="among">The rows that may be taken, ascending.</param>
    /// <param name="most">The most starts.</param>
    /// <param name="enough">So many beginnings are enough.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public long[] Starts(ReadOnlySpan<long> among, int most, int enough)
    {
        var (beginnings, all) = (new List<long>(), new List<long>());
        foreach (var row in among)
        {
            if (Length(row) == 0) continue;
            all.Add(row);
            if (row == 0 || _episodes[row] != _episodes[row - 1]) beginnings.Add(row);
        }

        var chosen = beginnings.Count >= enough ? beginnings : all;
        if (chosen.Count == 0)
            throw new ArgumentException(
                Invariant($"No episode of the log has {Horizon} steps in a row: set Horizon to fewer, or give longer episodes."));
        return Evenly(chosen, most);
    }

    /// <summary>The logged steps of a window: the horizon, or fewer where the task ended; 0 where the episode was cut before.</summary>
    public int Length(long start)
    {
        for (var step = 0; step < Horizon; step++)
        {
            if (start + step >= _episodes.Length || _episodes[start + step] != _episodes[start]) return 0;
            if (_terminated[start + step]) return step + 1;
        }

        return Horizon;
    }

    /// <summary>The sum of the rewards of a window, discounted.</summary>
    public double Return(long start, double discount = 1)
    {
        var (sum, weight, length) = (0.0, 1.0, Length(start));
        for (var step = 0; step < length; step++)
        {
            sum += weight * _rewards[start + step];
            weight *= discount;
        }

        return sum;
    }

    /// <summary>Whether the task ended inside a window.</summary>
    public bool Ends(long start) => _terminated[start + Length(start) - 1];

    private static long[] Evenly(List<long> rows, int most) =>
        rows.Count <= most ? [.. rows] : [.. Enumerable.Range(0, most).Select(index => rows[(int)((long)index * rows.Count / most)])];
}
