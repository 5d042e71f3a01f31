using System.Buffers.Binary;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Random;

/// <summary>Puts a torch generator on the CPU into a state that may come from a stranger.</summary>
/// <remarks>
/// libtorch checks little of a state and does so where no exception may pass: some states end the process, and others make it read beyond the generator's
/// memory. The bytes are those of libtorch's CPUGeneratorImplState: seed (8 bytes), numbers left before the next block (4), whether it was seeded (4), place of
/// the next number (8), 624 numbers, normal numbers in reserve.
/// </remarks>
internal static class GeneratorState
{
    private const int Length = 5056, LeftAt = 8, SeededAt = 12, NextAt = 16, HasNormalAt = 5052;
    private const int BlockSize = 624;

    /// <exception cref="ArgumentException">It is no state of a generator on the CPU.</exception>
    public static void Restore(Generator generator, Tensor state)
    {
        if (state.dtype != ScalarType.Byte || !state.shape.SequenceEqual([(long)Length]) || !IsPossible(state.bytes))
            throw new ArgumentException("It is no state of a random generator.", nameof(state));
        generator.set_state(state);
    }

    // A block of numbers is made, and then given one by one; a new generator makes its first block when it is asked for the first number.
    private static bool IsPossible(ReadOnlySpan<byte> state)
    {
        var (left, seeded) = (BinaryPrimitives.ReadInt32LittleEndian(state[LeftAt..]), BinaryPrimitives.ReadInt32LittleEndian(state[SeededAt..]));
        var next = BinaryPrimitives.ReadUInt64LittleEndian(state[NextAt..]);
        var isPlace = (left == 1 && next == 0) || (left is >= 1 and <= BlockSize && next == (ulong)(BlockSize + 1 - left));
        return isPlace && seeded is 1 && state[HasNormalAt] <= 1;
    }
}
