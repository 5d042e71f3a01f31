using System.Runtime.InteropServices;
using MbpoML.Data.Views;
using MbpoML.Numerics.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Data;

/// <summary>Transitions in one tensor, the form in which learners take them.</summary>
public sealed class TransitionTable : IDisposable
{
    /// <summary>Takes the rows over; the table disposes them.</summary>
    /// <param name="layout">Where each field stands in a row.</param>
    /// <param name="rows">The transitions, float32 [rows, <see cref="TransitionLayout.Width"/>], on the CPU.</param>
    /// <exception cref="ArgumentException">Another shape, type or device.</exception>
    public TransitionTable(TransitionLayout layout, Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(layout);
        TensorCheck.Alive(rows);
        if (rows.dim() != 2 || rows.size(1) != layout.Width || rows.dtype != float32 || rows.device.type != DeviceType.CPU)
            throw new ArgumentException(
                Invariant($"The rows are {rows.dtype} [{string.Join(", ", rows.shape)}] on {rows.device}, but must be Float32 [rows, {layout.Width}] on the ") +
                    "CPU.",
                nameof(rows));
        (Layout, Rows) = (layout, rows.DetachFromDisposeScope());
    }

    /// <summary>Where each field stands in a row.</summary>
    public TransitionLayout Layout { get; }

    /// <summary>[<see cref="Count"/>, <see cref="TransitionLayout.Width"/>], float32, on the CPU; owned by the table.</summary>
    public Tensor Rows { get; }

    /// <summary>The number of transitions.</summary>
    /// <exception cref="ObjectDisposedException">The table was disposed.</exception>
    public long Count
    {
        get
        {
            TensorCheck.Alive(Rows, nameof(TransitionTable));
            return Rows.size(0);
        }
    }

    /// <summary>Copies the transitions into a data view with the columns of the contract; the table may be disposed afterwards.</summary>
    /// <param name="columns">The names to give; the defaults when null.</param>
    /// <param name="episodeIds">The number of the episode of each row, which makes the column EpisodeId, or null for no such column.</param>
    /// <exception cref="ArgumentException">There are not as many episode numbers as rows, or two columns share a name.</exception>
    /// <exception cref="ObjectDisposedException">The table was disposed.</exception>
    public DenseDataView ToDataView(TransitionColumns? columns = null, int[]? episodeIds = null)
    {
        columns = TransitionColumns.Checked(columns);
        TensorCheck.Alive(Rows, nameof(TransitionTable));
        if (episodeIds is not null && episodeIds.Length != Count)
            throw new ArgumentException($"{episodeIds.Length} episode numbers were given for {Count} rows; give one a row.", nameof(episodeIds));
        using var scope = NewDisposeScope();
        var builder = new DenseDataView.Builder()
            .AddVector(columns.Observation, Layout.ObservationSize, Floats(Layout.Observation(Rows)))
            .AddVector(columns.Action, Layout.ActionSize, Floats(Layout.Action(Rows)))
            .AddScalar(columns.Reward, Floats(Layout.Reward(Rows)))
            .AddVector(columns.NextObservation, Layout.ObservationSize, Floats(Layout.NextObservation(Rows)))
            .AddBoolean(columns.Terminated, Flags(Layout.Terminated(Rows)))
            .AddBoolean(columns.Truncated, Flags(Layout.Truncated(Rows)));
        return (episodeIds is null ? builder : builder.AddInt32(columns.EpisodeId, [.. episodeIds])).Build();
    }

    /// <summary>
    /// Copies the transitions into a data view, one episode after another, numbered from 0 in the column EpisodeId. Rows that several environments made in turn
    /// are put in order; those of an episode keep theirs. An episode ends at a flag, and where no row begins as it ended.
    /// </summary>
    /// <param name="columns">The names to give; the defaults when null.</param>
    /// <exception cref="ArgumentException">Two columns share a name.</exception>
    /// <exception cref="ObjectDisposedException">The table was disposed.</exception>
    public DenseDataView ToEpisodes(TransitionColumns? columns = null)
    {
        columns = TransitionColumns.Checked(columns);
        TensorCheck.Alive(Rows, nameof(TransitionTable));
        using var scope = NewDisposeScope();
        using var ordered = new TransitionTable(Layout, Rows.index_select(0, tensor(InterleavedEpisodes.Order(Layout, Rows))));
        return ordered.ToDataView(columns, [.. EpisodeNumbers.Of(Layout, ordered.Rows).data<long>().Select(number => (int)number)]);
    }

    /// <summary>r_max: the largest absolute reward.</summary>
    internal double LargestReward()
    {
        using var scope = NewDisposeScope();
        return Layout.Reward(Rows).abs().max().item<float>();
    }

    /// <summary>The highest reward, with its sign.</summary>
    internal double HighestReward()
    {
        using var scope = NewDisposeScope();
        return Layout.Reward(Rows).max().item<float>();
    }

    /// <inheritdoc/>
    public void Dispose() => Rows.Dispose();

    private static float[] Floats(Tensor field) => MemoryMarshal.Cast<byte, float>(field.contiguous().bytes).ToArray();

    private static bool[] Flags(Tensor field) => MemoryMarshal.Cast<byte, bool>(field.to(ScalarType.Bool).bytes).ToArray();
}
