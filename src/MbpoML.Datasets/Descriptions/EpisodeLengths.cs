using MbpoML.Data;

namespace MbpoML.Datasets.Descriptions;

/// <summary>Where the episodes of a log begin, how long they are, and what they earn.</summary>
internal sealed class EpisodeLengths
{
    public EpisodeLengths(DescribedColumns columns, bool holdsTransitions, Roles roles)
    {
        var label = holdsTransitions ? columns.Find(TransitionColumns.DefaultEpisodeId) : roles.Episode is { } name ? columns[name] : null;
        var ended = holdsTransitions && label is null ? columns[TransitionColumns.DefaultTerminated] : null;
        var cut = ended is null ? null : columns.Find(TransitionColumns.DefaultTruncated);
        Starts = [.. Enumerable.Range(0, columns.Rows).Where(row => row == 0 || label?.ChangesAt(row) == true
            || ended?.Numbers[row - 1] > 0 || cut?.Numbers[row - 1] > 0)];
        Rows = [.. Starts.Select((start, index) => End(index, columns.Rows) - start)];
        var reward = holdsTransitions ? columns.Find(TransitionColumns.DefaultReward) : roles.Reward is { } column ? columns[column] : null;
        Returns = reward is null ? [] : [.. Starts.Select((start, index) => Enumerable.Range(start, Rows[index]).Sum(row => reward.Numbers[row]))];
    }

    /// <summary>The first row of each.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>The rows of each.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The sum of rewards of each; none where no column holds rewards.</summary>
    public IReadOnlyList<double> Returns { get; }

    private int End(int episode, int rows) => episode + 1 < Starts.Count ? Starts[episode + 1] : rows;
}
