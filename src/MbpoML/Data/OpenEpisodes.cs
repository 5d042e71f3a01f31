namespace MbpoML.Data;

/// <summary>The episodes of a series of rows that may go on, found by the state in which they stand; a row costs the same however many are open.</summary>
/// <param name="ends">The next observations of all rows, [rows * size].</param>
/// <param name="size">Values of an observation.</param>
internal sealed class OpenEpisodes(float[] ends, int size)
{
    // By what the state hashes to; of equal states the newest one last.
    private readonly Dictionary<int, List<List<long>>> _byState = [];
    private readonly Queue<(long Row, List<long> Episode)> _byAge = [];
    private int _count;

    /// <summary>An episode stands where its last row ended, and may go on from there.</summary>
    /// <param name="episode">The numbers of its rows.</param>
    public void Add(List<long> episode)
    {
        var state = Hash(End(episode));
        if (!_byState.TryGetValue(state, out var there)) _byState.Add(state, there = []);
        there.Add(episode);
        _byAge.Enqueue((episode[^1], episode));
        _count++;
    }

    /// <summary>The episode that a row goes on with, the newest one where several stand at its state; it is open no more. Null: the row begins one.</summary>
    /// <param name="state">Where the row begins, [size].</param>
    /// <param name="row">The number of the row.</param>
    public List<long>? Take(ReadOnlySpan<float> state, long row)
    {
        Forget(row);
        if (!_byState.TryGetValue(Hash(state), out var there)) return null;
        for (var index = there.Count - 1; index >= 0; index--)
        {
            var episode = there[index];
            if (End(episode).SequenceEqual(state))
            {
                Remove(episode, there, index);
                return episode;
            }
        }

        return null;
    }

    // In turn, each environment makes one of so many steps: an episode without a newer row was broken off.
    private void Forget(long row)
    {
        var oldest = row - (2L * _count);
        while (_byAge.TryPeek(out var one) && one.Row < oldest)
        {
            _byAge.Dequeue();
            // One that went on, or ended, is here no more.
            if (one.Episode[^1] != one.Row || !_byState.TryGetValue(Hash(End(one.Episode)), out var there)) continue;
            if (there.IndexOf(one.Episode) is var index and >= 0) Remove(one.Episode, there, index);
        }
    }

    private void Remove(List<long> episode, List<List<long>> there, int index)
    {
        if (there.Count == 1) _byState.Remove(Hash(End(episode)));
        else there.RemoveAt(index);
        _count--;
    }

    private ReadOnlySpan<float> End(List<long> episode) => ends.AsSpan((int)episode[^1] * size, size);

    // Zero and minus zero are one state.
    private static int Hash(ReadOnlySpan<float> state)
    {
        var hash = default(HashCode);
        foreach (var value in state) hash.Add(value == 0 ? 0f : value);
        return hash.ToHashCode();
    }
}
