using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Data;

/// <summary>Puts rows in order that several environments made at once, so that the rows of an episode follow each other.</summary>
internal static class InterleavedEpisodes
{
    /// <summary>
    /// The order. A row goes on with the episode whose last row ended where this one begins; where there is none, it begins an episode.
    /// </summary>
    /// <param name="layout">Where each field stands in a row.</param>
    /// <param name="rows">[rows, width], in the order of time.</param>
    /// <returns>Numbers of rows, [rows]: those of an episode in the order of time, and episodes in the order in which they begin.</returns>
    public static long[] Order(TransitionLayout layout, Tensor rows)
    {
        if (rows.size(0) == 0) return [];
        using var scope = NewDisposeScope();
        var (before, after) = (Values(layout.Observation(rows)), Values(layout.NextObservation(rows)));
        var ended = layout.Terminated(rows).Above(0.5).logical_or(layout.Truncated(rows).Above(0.5)).cpu().data<bool>().ToArray();
        var size = layout.ObservationSize;
        var (episodes, open) = (new List<List<long>>(), new OpenEpisodes(after, size));
        for (var row = 0; row < ended.Length; row++)
        {
            var episode = open.Take(before.AsSpan(row * size, size), row);
            if (episode is null) episodes.Add(episode = []);
            episode.Add(row);
            if (!ended[row]) open.Add(episode);
        }

        return [.. episodes.SelectMany(episode => episode)];
    }

    private static float[] Values(Tensor field) => field.contiguous().cpu().data<float>().ToArray();
}
