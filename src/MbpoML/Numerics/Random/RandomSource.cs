using System.Numerics;

namespace MbpoML.Numerics.Random;

/// <summary>A seeded stream of random numbers whose whole state can be read and set, so that a stopped run can go on exactly.</summary>
/// <remarks>
/// xoshiro256** 1.0 by D. Blackman and S. Vigna (ACM Transactions on Mathematical Software 47, 2021; the authors' reference code is in the public domain),
/// seeded by SplitMix64 as its authors advise. Not safe for concurrent use: give each worker a stream of its own
/// (<see cref="Seeds.Derive(int, string, long)"/>).
/// </remarks>
public sealed class RandomSource
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>Starts a stream. Equal seeds give equal streams on every platform.</summary>
    /// <param name="seed">Any number; it alone determines the stream.</param>
    public RandomSource(int seed)
    {
        var mixer = new SplitMix64((uint)seed);
        (_s0, _s1, _s2, _s3) = (mixer.Next(), mixer.Next(), mixer.Next(), mixer.Next());
    }

    /// <summary>The four words that determine every later number; never all zero.</summary>
    /// <exception cref="ArgumentException">The given state has not four words or is all zero.</exception>
    public IReadOnlyList<ulong> State
    {
        get => [_s0, _s1, _s2, _s3];
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(State));
            if (value.Count != 4 || value.All(word => word == 0))
                throw new ArgumentException($"A state has four words of which at least one is not zero, but [{Listed.Of(value)}] was given.", nameof(value));
            (_s0, _s1, _s2, _s3) = (value[0], value[1], value[2], value[3]);
        }
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A uniform number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <param name="low">The lower bound, which can be drawn.</param>
    /// <param name="high">The upper bound, at least the lower one and finitely far from it; it is not drawn.</param>
    /// <exception cref="ArgumentOutOfRangeException">The upper bound is below the lower one, or their distance is not finite.</exception>
    public double NextUniform(double low, double high)
    {
        var range = high - low;
        if (!(range >= 0 && double.IsFinite(range)))
            throw new ArgumentOutOfRangeException(nameof(high), high, Invariant($"high must be at least low, which is {low}, and finitely far from it."));
        return low + (NextDouble() * range);
    }

    /// <summary>
    /// A uniform integer in [0, <paramref name="exclusiveMax"/>), by Lemire's multiplication (its bias is below 2^-32 for the sizes of a pool).
    /// </summary>
    /// <param name="exclusiveMax">The number of possible values, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public int NextInt32(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        return (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMax, out _);
    }

    /// <summary>A standard normal number, by the Box-Muller transform; each call uses two uniform numbers and keeps nothing back.</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>A non-negative seed for another stream or generator.</summary>
    public int NextSeed() => (int)(NextUInt64() >> 33);
}
