using static TorchSharp.torch;

namespace MbpoML.Policies.OnPolicy;

/// <summary>Rewards and ends of episodes in plain arrays, and which rows follow each other.</summary>
/// <param name="Rewards">What each row earned.</param>
/// <param name="Terminated">Whether the task was over behind each row.</param>
/// <param name="Steps">The number of each row within its episode, from 0.</param>
/// <param name="Next">The row of the step after each row, or -1 behind the last one.</param>
internal sealed record EpisodeRows(double[] Rewards, bool[] Terminated, int[] Steps, int[] Next)
{
    /// <summary>Reads the rows, which are in the order of the steps within each episode.</summary>
    /// <exception cref="ArgumentException">The numbers of the episodes do not fit the rows.</exception>
    public static EpisodeRows Of(ImaginedEpisodes episodes)
    {
        using var scope = NewDisposeScope();
        var count = (int)episodes.Rows.size(0);
        if (episodes.Episode.dim() != 1 || episodes.Episode.size(0) != count || episodes.Episode.dtype != ScalarType.Int64)
            throw new ArgumentException(
                Invariant($"Episode is {episodes.Episode.dtype} [{string.Join(", ", episodes.Episode.shape)}], but must be Int64 [{count}]."),
                nameof(episodes));
        var rewards = episodes.Layout.Reward(episodes.Rows).to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        var ends = episodes.Layout.Terminated(episodes.Rows).cpu().contiguous().data<float>().ToArray();
        var numbers = episodes.Episode.cpu().contiguous().data<long>().ToArray();
        var (steps, next, last) = (new int[count], new int[count], new int[episodes.Count]);
        Array.Fill(last, -1);
        Array.Fill(next, -1);
        for (var row = 0; row < count; row++)
        {
            if (numbers[row] < 0 || numbers[row] >= episodes.Count)
                throw new ArgumentException(
                    Invariant($"Row {row} belongs to episode {numbers[row]}, but there are {episodes.Count} episodes, numbered from 0."), nameof(episodes));
            var before = last[numbers[row]];
            if (before >= 0) (next[before], steps[row]) = (row, steps[before] + 1);
            last[numbers[row]] = row;
        }

        return new EpisodeRows(rewards, Array.ConvertAll(ends, end => end > 0.5f), steps, next);
    }

    /// <summary>The sum of the rewards of each episode, on average.</summary>
    public double MeanReturn(int episodes) => Rewards.Sum() / episodes;
}
