using static TorchSharp.torch;

namespace MbpoML.Data;

/// <summary>Transitions in one tensor, the form in which learners take them.</summary>
public sealed class TransitionTable : IDisposable
{
    /// <summary>Takes the rows over; the table disposes them.</summary>
    public TransitionTable(TransitionLayout layout, Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        (Layout, Rows) = (layout, rows.DetachFromDisposeScope());
    }

    /// <summary>Where each field stands in a row.</summary>
    public TransitionLayout Layout { get; }

    /// <summary>[rows, width]; owned by the table.</summary>
    public Tensor Rows { get; }

    /// <summary>The number of transitions.</summary>
    public long Count => Rows.size(0);

    /// <inheritdoc/>
    public void Dispose() => Rows.Dispose();
}
