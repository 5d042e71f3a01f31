using MbpoML.Numerics.Random;
using Microsoft.ML.Data;

namespace MbpoML.Policies.Serving;

/// <summary>The standard normal noise of a stochastic policy over a data view: a function of the seed and the row's id alone.</summary>
/// <remarks>
/// An id stays with its row in every cursor, so the noise does not depend on blocks, order, filtering or threads. Box-Muller over a SplitMix64 stream a row.
/// </remarks>
internal sealed class ActionNoise(int seed)
{
    private readonly ulong _key = new SplitMix64((uint)seed).Next();

    /// <summary>Fills the noise of one row, one number an action dimension.</summary>
    public void Fill(DataViewRowId row, Span<float> noise)
    {
        // The id is hashed before it meets the key: neighbouring ids must not give overlapping streams.
        var stream = new SplitMix64(_key ^ new SplitMix64(row.Low ^ new SplitMix64(~row.High).Next()).Next());
        foreach (ref var value in noise)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - Unit(stream.Next())));
            value = (float)(radius * Math.Cos(2 * Math.PI * Unit(stream.Next())));
        }
    }

    private static double Unit(ulong word) => (word >> 11) * (1.0 / (1UL << 53));
}
