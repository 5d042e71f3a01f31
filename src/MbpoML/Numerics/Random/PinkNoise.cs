using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Random;

/// <summary>Standard normal numbers whose power falls with the frequency as 1/f, one sequence for each dimension.</summary>
/// <remarks>
/// After J. Timmer and M. König, "On generating power law noise" (Astronomy and Astrophysics 300, 1995): a random spectrum of the wanted power, brought back to
/// times. The power of the mean and of the highest frequency is half that of a whole band, as in the package colorednoise, and the sum of all is 1. So each
/// number is standard normal by itself. A sequence depends on the seed and its own number alone, so that the state is a count.
/// </remarks>
/// <param name="seed">Decides all numbers.</param>
/// <param name="dimensions">Sequences side by side.</param>
internal sealed class PinkNoise(int seed, int dimensions)
{
    /// <summary>Steps of a sequence, after which an independent one follows: those of an epoch (MACURA, ICML 2024).</summary>
    public const int Length = 1000;

    // The amplitudes of the frequencies 0 to Length / 2.
    private static readonly double[] Amplitudes = MakeAmplitudes();

    // [Length, dimensions]
    private readonly float[] _values = new float[Length * dimensions];
    private long _made = -1;

    /// <summary>Steps that were given noise so far: what decides all later numbers.</summary>
    public long Given { get; set; }

    /// <summary>The noise of the next step.</summary>
    /// <returns>[dimensions], valid until the next call.</returns>
    public ReadOnlySpan<float> Next()
    {
        var (sequence, place) = Math.DivRem(Given, Length);
        if (sequence != _made) Make(sequence);
        Given++;
        return _values.AsSpan((int)place * dimensions, dimensions);
    }

    private void Make(long sequence)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)Seeds.Derive(seed, "sequence", sequence), CPU);
        var normals = randn([2, dimensions, Amplitudes.Length], ScalarType.Float64, generator: generator);
        // y_t = sum_k a_k (A_k cos(2πkt/n) + B_k sin(2πkt/n)); of a real signal each inner frequency stands twice in the spectrum.
        var cosines = tensor(Amplitudes).Times(Length);
        var inner = ones(Amplitudes.Length, ScalarType.Float64).Times(0.5);
        inner[0] = inner[^1] = tensor(1.0);
        var sines = inner.clone();
        sines[0] = sines[^1] = tensor(0.0);
        var spectrum = complex(normals.select(0, 0) * cosines * inner, (normals.select(0, 1) * cosines * sines).neg());
        var values = fft.irfft(spectrum, Length).to(ScalarType.Float32).transpose(0, 1).contiguous();
        values.data<float>().CopyTo(_values, 0, 0);
        _made = sequence;
    }

    private static double[] MakeAmplitudes()
    {
        double[] powers = [0.5, .. Enumerable.Range(1, Length / 2).Select(frequency => 1.0 / frequency)];
        powers[^1] /= 2;
        var sum = powers.Sum();
        return [.. powers.Select(power => Math.Sqrt(power / sum))];
    }
}
