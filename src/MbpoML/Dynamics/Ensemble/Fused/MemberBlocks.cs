namespace MbpoML.Dynamics.Ensemble.Fused;

/// <summary>The rows of a batch sorted by the elite drawn for each, and cut into blocks of one member each.</summary>
/// <param name="blockRows">The most rows of a block.</param>
internal sealed class MemberBlocks(int blockRows)
{
    private readonly List<MemberBlock> _blocks = [];
    private int[] _order = [];
    private int[] _ends = [];

    /// <summary>The number of blocks.</summary>
    public int Count => _blocks.Count;

    /// <summary>The blocks, by elite.</summary>
    public MemberBlock this[int index] => _blocks[index];

    /// <summary>The numbers of a block's rows in the batch.</summary>
    public ReadOnlySpan<int> Rows(MemberBlock block) => _order.AsSpan(block.Start, block.Count);

    /// <summary>Sorts another batch, by counting.</summary>
    /// <param name="drawn">An index into the elites for each row.</param>
    /// <param name="elites">Members.</param>
    /// <param name="mostRows">The most rows of a block this time, if fewer than of any.</param>
    public void Sort(ReadOnlySpan<long> drawn, IReadOnlyList<int> elites, int mostRows = int.MaxValue)
    {
        var most = Math.Min(blockRows, mostRows);
        if (_order.Length < drawn.Length) _order = new int[drawn.Length];
        if (_ends.Length != elites.Count) _ends = new int[elites.Count];
        Array.Clear(_ends);
        foreach (var elite in drawn) _ends[elite]++;
        _blocks.Clear();
        for (var (elite, start) = (0, 0); elite < _ends.Length; elite++)
        {
            var (count, first) = (_ends[elite], start);
            for (var offset = 0; offset < count; offset += most)
                _blocks.Add(new MemberBlock(elites[elite], first + offset, Math.Min(most, count - offset)));
            (_ends[elite], start) = (start, start + count);
        }
        for (var row = 0; row < drawn.Length; row++) _order[_ends[drawn[row]]++] = row;
    }
}
