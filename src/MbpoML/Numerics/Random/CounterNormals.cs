using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Random;

/// <summary>Normal numbers computed on any device by tensor operations from a counter, so that nothing crosses from the CPU to draw them.</summary>
/// <remarks>
/// Word i is SplitMix64's i-th output (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014); its halves make two normal
/// numbers by the Box-Muller transform. A number depends on the seed and its place in the stream alone, so the state is a key and a count. Many fills are
/// computed at once: some thirty operations each would cost more than an update's own.
/// </remarks>
internal sealed class CounterNormals : NormalStream
{
    private const long Gamma = unchecked((long)0x9E3779B97F4A7C15);
    private const double WordToUnit = 1.0 / (1L << 32);
    private const int FillsAtOnce = 64;

    private readonly Device _device;
    private readonly Tensor _halfShift;
    private readonly Tensor _halfMask;
    private readonly (Tensor Bits, Tensor Mask, long Factor)[] _rounds;
    private Tensor _block;
    private long _blockStart;
    private long _key;
    private long _position;

    public CounterNormals(int seed, Device device)
    {
        // Mixed, because the streams of neighbouring raw keys would be neighbours too.
        _key = unchecked((long)new SplitMix64((uint)seed).Next());
        _device = device;
        (_halfShift, _halfMask) = (Constant(32), Constant(LowBits(32)));
        _rounds = [Round(30, unchecked((long)0xBF58476D1CE4E5B9)), Round(27, unchecked((long)0x94D049BB133111EB)), Round(31, 1)];
        _block = empty(0, ScalarType.Float32, device).DetachFromDisposeScope();
    }

    public override void Fill(Tensor destination)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var count = destination.numel();
        // Whole words, so that every fill starts with one.
        var taken = count + (count & 1);
        if (_position < _blockStart || _position + taken > _blockStart + _block.numel())
        {
            _block.Dispose();
            _block = Compute(_position / 2, FillsAtOnce * taken / 2).DetachFromDisposeScope();
            _blockStart = _position;
        }
        destination.copy_(_block.narrow(0, _position - _blockStart, count).view(destination.shape));
        _position += taken;
    }

    public override Tensor GetState() => tensor([_key, _position]);

    public override void SetState(Tensor state)
    {
        var values = state.data<long>();
        (_key, _position) = (values[0], values[1]);
        // What was computed ahead belongs to the key before.
        _block.Dispose();
        _block = empty(0, ScalarType.Float32, _device).DetachFromDisposeScope();
    }

    public override void Dispose()
    {
        foreach (var tensor in (Tensor[])[_block, _halfShift, _halfMask, .. _rounds.SelectMany(round => new[] { round.Bits, round.Mask })]) tensor.Dispose();
    }

    // Two numbers a word.
    private Tensor Compute(long firstWord, long words)
    {
        var word = ScalarArithmetic.Numbers(firstWord + 1, firstWord + 1 + words, _device).MultiplyInPlace(Gamma).AddInPlace(_key);
        foreach (var (bits, mask, factor) in _rounds) word = word.bitwise_xor(Shifted(word, bits, mask)).MultiplyInPlace(factor);
        // The halves of a word, in the middle of their steps: never 0, whose logarithm would be infinite.
        var unit = Shifted(word, _halfShift, _halfMask).to(ScalarType.Float64).AddInPlace(0.5).MultiplyInPlace(WordToUnit);
        var angle = word.bitwise_and(_halfMask).to(ScalarType.Float64).MultiplyInPlace(2 * Math.PI * WordToUnit);
        var radius = unit.log_().MultiplyInPlace(-2).sqrt_();
        return stack([angle.cos().mul_(radius), angle.sin().mul_(radius)], 1).to(ScalarType.Float32).view(-1);
    }

    // Torch shifts signed numbers: the mask takes away the copies of the sign.
    private static Tensor Shifted(Tensor word, Tensor bits, Tensor mask) => word.bitwise_right_shift(bits).bitwise_and_(mask);

    private (Tensor Bits, Tensor Mask, long Factor) Round(int bits, long factor) => (Constant(bits), Constant(LowBits(64 - bits)), factor);

    private Tensor Constant(long value) => tensor(value, device: _device).DetachFromDisposeScope();

    private static long LowBits(int count) => (1L << count) - 1;
}
