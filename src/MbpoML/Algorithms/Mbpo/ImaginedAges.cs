using MbpoML.Data.Replay;
using MbpoML.Saving;

namespace MbpoML.Algorithms.Mbpo;

/// <summary>How many imagined transitions came in at each time at which rollouts were branched, so that old ones leave though the pool is not full.</summary>
/// <param name="pool">The imagined transitions; stays the caller's.</param>
internal sealed class ImaginedAges(ReplayPool pool) : ISaved
{
    private readonly Queue<long> _added = [];

    public string Name => "imagined-ages";

    /// <summary>Rollouts are about to be branched: with what they will add, the pool holds the transitions of so many times at most.</summary>
    /// <param name="times">At least 1.</param>
    public void DropBefore(int times)
    {
        while (_added.Count >= times) _added.Dequeue();
        var (kept, capacity) = (_added.Sum(), pool.Capacity);
        if (pool.Count <= kept) return;
        if (kept == 0)
        {
            pool.Clear();
            return;
        }

        // The newest stay.
        pool.Resize(kept);
        pool.Resize(capacity);
    }

    /// <summary>Rollouts were branched.</summary>
    /// <param name="transitions">What they added.</param>
    public void Add(long transitions) => _added.Enqueue(transitions);

    public void Save(IStateWriter to) => to.Add("added", [.. _added]);

    public void Restore(IStateReader from)
    {
        var added = from.Integers("added");
        // The sum must stay a number.
        if (added.Any(count => count is < 0 or > int.MaxValue)) throw from.Damaged("a number of imagined transitions is negative or too large");
        _added.Clear();
        foreach (var count in added) _added.Enqueue(count);
    }
}
