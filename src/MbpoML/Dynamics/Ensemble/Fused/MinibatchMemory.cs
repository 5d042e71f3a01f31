namespace MbpoML.Dynamics.Fused;

/// <summary>One thread's memory for minibatches of any size, which grows with the largest: the last one of an epoch is smaller and is no reason to allocate.</summary>
internal sealed class MinibatchMemory(MemberLayers layers) : IDisposable
{
    private MemberPass? _largest, _whole, _part;

    /// <summary>A pass of so many rows.</summary>
    public MemberPass Whole(int rows) => View(ref _whole, rows);

    /// <summary>A pass of fewer rows, in the same memory; kept beside the other, so that a step that needs both makes neither anew.</summary>
    public MemberPass Part(int rows) => View(ref _part, rows);

    public void Dispose()
    {
        _whole?.Dispose();
        _part?.Dispose();
        _largest?.Dispose();
    }

    private MemberPass View(ref MemberPass? view, int rows)
    {
        if (view?.RowCount == rows) return view;
        if (_largest is null || _largest.RowCount < rows)
        {
            Dispose();
            (_largest, _whole, _part) = (new MemberPass(layers, rows), null, null);
        }
        view?.Dispose();
        return view = _largest.Rows(rows);
    }
}
