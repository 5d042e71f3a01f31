using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>
/// The randomness of an imagined step: which member each row goes to, and noise for each row. Rows are cut into blocks whose sizes differ by at most one row.
/// Each member takes one block, or none where blocks would get too small.
/// </summary>
/// <remarks>
/// A row meets each member with equal probability, as where members are drawn for each row, and a step costs one pass of its rows. Official code:
/// modules/gaussian_mlp.py, "TS1" in blocks of 32 rows. Products of fewer rows wait for the weights rather than compute: a step of half of the official rows
/// takes half of the members. Once it is there, drawing allocates nothing.
/// </remarks>
internal sealed class BalancedDraw : IDisposable
{
    private const int LeastRows = 32;

    private readonly Tensor _numbers;
    private readonly float[] _ranks;
    private readonly int[] _members;
    private readonly int _batch;

    /// <param name="members">E, the most blocks.</param>
    /// <param name="batch">Rows.</param>
    /// <param name="noises">Numbers for each row.</param>
    public BalancedDraw(int members, int batch, int noises)
    {
        (_batch, _ranks, _members) = (batch, new float[members], new int[members]);
        Count = Math.Clamp(batch / LeastRows, 1, members);
        _numbers = empty(members + ((long)batch * noises), ScalarType.Float32).DetachFromDisposeScope();
        using var scope = NewDisposeScope();
        Noise = _numbers.narrow(0, members, (long)batch * noises).view(batch, noises).DetachFromDisposeScope();
    }

    /// <summary>Standard normal, on the CPU: [batch, noises]</summary>
    public Tensor Noise { get; }

    /// <summary>The number of blocks, of which each has rows where there are any.</summary>
    public int Count { get; }

    /// <summary>A block: the member that takes it, its first row and the number of its rows.</summary>
    public MemberRows this[int block]
    {
        get
        {
            var start = Start(block);
            return new MemberRows(_members[block], start, Start(block + 1) - start);
        }
    }

    /// <summary>Draws another permutation of the members, and other noise.</summary>
    /// <param name="generator">The generator of all random numbers, not disposed.</param>
    public void Draw(Generator generator)
    {
        _numbers.normal_(0, 1, generator);
        // The order of independent equal draws is any permutation with equal probability.
        _numbers.Floats()[.._ranks.Length].CopyTo(_ranks);
        for (var member = 0; member < _members.Length; member++) _members[member] = member;
        Array.Sort(_ranks, _members);
    }

    public void Dispose()
    {
        Noise.Dispose();
        _numbers.Dispose();
    }

    private int Start(int block) => (int)((long)block * _batch / Count);
}
