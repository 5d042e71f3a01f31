using System.Runtime.InteropServices;
using MbpoML.Numerics.Random;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>
/// Random numbers that belong to a transition: decided by what stands in it, and so the same in every fit, however many transitions there are and wherever it
/// stands.
/// </summary>
/// <remarks>Equal transitions have equal numbers: two copies are held out together, or count for a member with the same weight.</remarks>
internal static class TransitionHash
{
    private const double WordToUnit = 1.0 / (1UL << 53);
    // Numbers of members come after that of the holdout.
    private const ulong HoldoutNumber = 0, FirstMember = 1;

    /// <summary>A word for each transition.</summary>
    /// <param name="rows">Row-major, [rows, width]</param>
    /// <param name="width">Values of a row.</param>
    /// <param name="seed">Another seed gives other words.</param>
    /// <returns>[rows]</returns>
    public static ulong[] Of(ReadOnlySpan<float> rows, int width, int seed)
    {
        var hashes = new ulong[rows.Length / width];
        for (var row = 0; row < hashes.Length; row++)
        {
            var words = MemoryMarshal.Cast<float, uint>(rows.Slice(row * width, width));
            var hash = new SplitMix64((uint)seed).Next();
            for (; words.Length > 1; words = words[2..]) hash = new SplitMix64(hash ^ (((ulong)words[1] << 32) | words[0])).Next();
            if (words.Length > 0) hash = new SplitMix64(hash ^ words[0]).Next();
            hashes[row] = hash;
        }

        return hashes;
    }

    /// <summary>Whether the transition belongs to those held out.</summary>
    /// <param name="hash">The hash of the transition.</param>
    /// <param name="share">The share of transitions that are held out. One that a share holds out is held out by every larger share.</param>
    public static bool IsHeldOut(ulong hash, double share) => Unit(hash, HoldoutNumber) < share;

    /// <summary>The weight of the transition in a member's loss, drawn from the exponential distribution of mean 1.</summary>
    /// <param name="hash">The hash of the transition.</param>
    /// <param name="member">The member's index.</param>
    public static float Weight(ulong hash, int member) => (float)-Math.Log(1 - Unit(hash, FirstMember + (ulong)member));

    // Uniform in [0, 1).
    private static double Unit(ulong hash, ulong number) => (new SplitMix64(hash ^ new SplitMix64(number).Next()).Next() >> 11) * WordToUnit;
}
