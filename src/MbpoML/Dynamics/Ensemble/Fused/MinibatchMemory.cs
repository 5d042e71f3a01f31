using MbpoML.Numerics.Networks;

namespace MbpoML.Dynamics.Ensemble.Fused;

/// <summary>
/// One thread's memory for minibatches of any size, which grows with the largest: the last one of an epoch is smaller and is no reason to allocate.
/// </summary>
internal sealed class MinibatchMemory(NetworkShape shape) : IDisposable
{
    private Minibatch? _largest, _whole, _part;

    /// <summary>A minibatch of so many rows.</summary>
    public Minibatch Whole(int rows) => View(ref _whole, rows);

    /// <summary>A minibatch of fewer rows, in the same memory; kept beside the other, so that a step that needs both makes neither anew.</summary>
    public Minibatch Part(int rows) => View(ref _part, rows);

    public void Dispose()
    {
        _whole?.Dispose();
        _part?.Dispose();
        _largest?.Dispose();
    }

    private Minibatch View(ref Minibatch? view, int rows)
    {
        if (view?.RowCount == rows) return view;
        if (_largest is null || _largest.RowCount < rows)
        {
            Dispose();
            (_largest, _whole, _part) = (new Minibatch(shape, rows), null, null);
        }
        view?.Dispose();
        return view = _largest.Rows(rows);
    }
}
