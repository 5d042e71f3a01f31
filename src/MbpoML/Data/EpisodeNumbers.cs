using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Data;

/// <summary>Which rows of a series of real transitions belong to one episode.</summary>
internal static class EpisodeNumbers
{
    /// <summary>
    /// Numbers the episodes. One ends at a terminated or truncated row, and also where the next row begins elsewhere than this one ended: there a fault or a
    /// stop cut it.
    /// </summary>
    /// <param name="layout">Where each field stands in a row.</param>
    /// <param name="rows">[rows, width], in the order of time</param>
    /// <returns>int64 [rows] on the CPU, from 0; the caller disposes it.</returns>
    public static Tensor Of(TransitionLayout layout, Tensor rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var count = rows.size(0);
        if (count < 2) return zeros(count, ScalarType.Int64).MoveToOuterDisposeScope();
        var (before, after) = (rows.narrow(0, 0, count - 1), rows.narrow(0, 1, count - 1));
        var ended = layout.Terminated(before).Above(0.5).logical_or(layout.Truncated(before).Above(0.5));
        var jumped = layout.NextObservation(before).ne(layout.Observation(after)).any(1);
        var begins = ended.logical_or(jumped).to(ScalarType.Int64).cpu();
        return cat([zeros(1, ScalarType.Int64), begins.cumsum(0)], 0).MoveToOuterDisposeScope();
    }

    /// <summary>Numbers the episodes of rows that several environments may have made at once: as <see cref="Of"/> where one made them.</summary>
    /// <param name="layout">Where each field stands in a row.</param>
    /// <param name="rows">[rows, width], in the order of time</param>
    /// <returns>int64 [rows] on the CPU, from 0, in the order in which the episodes begin; the caller disposes it.</returns>
    public static Tensor OfInterleaved(TransitionLayout layout, Tensor rows)
    {
        using var scope = NewDisposeScope();
        var order = tensor(InterleavedEpisodes.Order(layout, rows));
        var numbers = Of(layout, rows.index_select(0, order.to(rows.device)));
        return zeros_like(numbers).scatter_(0, order, numbers).MoveToOuterDisposeScope();
    }

    /// <summary>The rows with which episodes begin, of one environment or of several that made them at once.</summary>
    /// <param name="layout">Where each field stands in a row.</param>
    /// <param name="rows">[rows, width], in the order of time, at least one.</param>
    /// <param name="cut">
    /// The first rows that need not be beginnings, as the rows before them were forgotten: one for each environment; 0 where none were.
    /// </param>
    /// <returns>int64 [episodes] on the CPU; the first row where no other begins an episode. The caller disposes it.</returns>
    public static Tensor Beginnings(TransitionLayout layout, Tensor rows, int cut = 0)
    {
        using var numbers = OfInterleaved(layout, rows);
        var (first, next) = (new List<long>(), 0L);
        foreach (var (number, row) in numbers.data<long>().Select((number, row) => (number, row)))
        {
            if (number < next) continue;
            next = number + 1;
            if (row >= cut) first.Add(row);
        }

        return tensor(first.Count > 0 ? first.ToArray() : [0L]);
    }
}
