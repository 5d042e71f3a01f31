namespace MbpoML.Numerics.Random;

/// <summary>Derives independent seeds from one root seed by name, so that adding a consumer of randomness never shifts the numbers of another.</summary>
public static class Seeds
{
    /// <summary>
    /// The seed of the stream called <paramref name="name"/>, optionally the <paramref name="index"/>-th of that name (an episode, a member).
    /// </summary>
    /// <param name="root">The seed of the run, any number.</param>
    /// <param name="name">The name of the stream, not empty.</param>
    /// <param name="index">The number of the stream among those of its name; default 0.</param>
    /// <returns>A non-negative seed, the same for equal arguments on every platform.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static int Derive(int root, string name, long index = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        // FNV-1a over the name's UTF-16 units: string.GetHashCode differs from process to process.
        var hash = 14695981039346656037UL;
        foreach (var unit in name) hash = (hash ^ unit) * 1099511628211UL;
        var mixer = new SplitMix64(hash ^ ((ulong)(uint)root << 32) ^ new SplitMix64((ulong)index).Next());
        return (int)(mixer.Next() >> 33);
    }
}
