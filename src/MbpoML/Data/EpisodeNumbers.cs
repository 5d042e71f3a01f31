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

    /// <summary>The rows with which episodes begin.</summary>
    /// <param name="layout">Where each field stands in a row.</param>
    /// <param name="rows">[rows, width], in the order of time, at least one.</param>
    /// <param name="areCut">Whether rows before the first one were forgotten, so that it need not be a beginning.</param>
    /// <returns>int64 [episodes] on the CPU; the first row where no other begins an episode. The caller disposes it.</returns>
    public static Tensor Beginnings(TransitionLayout layout, Tensor rows, bool areCut = false)
    {
        using var scope = NewDisposeScope();
        var numbers = Of(layout, rows);
        var first = numbers.narrow(0, 1, numbers.size(0) - 1).ne(numbers.narrow(0, 0, numbers.size(0) - 1)).nonzero().view(-1).AddInPlace(1);
        return (areCut && first.size(0) > 0 ? first : cat([zeros(1, ScalarType.Int64), first], 0)).MoveToOuterDisposeScope();
    }
}
