using MbpoML.Planning;
using static TorchSharp.torch;

namespace MbpoML.Tests.Planning;

/// <summary>The noise of the optimizers.</summary>
public class NoiseTests
{
    // y = irfft((a + ib) s) / σ, as the package colorednoise computes it.
    [TestCase(12, 0.25)]
    [TestCase(13, 2.5)]
    [TestCase(30, 2)]
    [TestCase(2, 1)]
    [TestCase(3, 1)]
    public void The_matrix_is_the_inverse_fourier_transform(int length, double exponent)
    {
        using var scope = NewDisposeScope();
        using var matrix = ColoredNoise.Matrix(length, exponent);
        var draws = randn([5, length], ScalarType.Float32, generator: new Generator(1));
        var frequencies = (length / 2) + 1;
        var real = draws.narrow(1, 0, frequencies).to(float64);
        // No sine of the mean, nor of the highest frequency of an even length.
        var sines = length - frequencies;
        var imaginary = cat([zeros([5, 1], float64), draws.narrow(1, frequencies, sines).to(float64), zeros([5, frequencies - 1 - sines], float64)], 1);
        var scale = Enumerable.Range(0, frequencies).Select(frequency => Math.Pow(Math.Max(frequency, 1) / (double)length, -exponent / 2)).ToArray();
        var expected = fft.irfft(complex(real, imaginary) * tensor(scale), length);
        double[] weights = [.. scale[1..]];
        weights[^1] *= length % 2 == 0 ? 0.5 : 1;
        expected /= 2 * Math.Sqrt(weights.Sum(weight => weight * weight)) / length;
        Assert.That(draws.matmul(matrix).data<float>().Select(value => (double)value).ToArray(), Is.EqualTo(expected.data<double>().ToArray()).Within(1e-4));
    }

    [Test]
    public void Coloured_noise_hangs_together_and_white_noise_does_not()
    {
        using var scope = NewDisposeScope();
        float Neighbours(double exponent)
        {
            using var matrix = ColoredNoise.Matrix(30, exponent);
            var noise = ColoredNoise.Draw(matrix, 1, 2000, 1, new Generator(3)).squeeze(0).squeeze(2);
            return ((noise.narrow(1, 0, 29) * noise.narrow(1, 1, 29)).mean() / noise.square().mean()).item<float>();
        }

        Assert.Multiple(() =>
        {
            Assert.That(Neighbours(0), Is.EqualTo(0).Within(0.05));
            Assert.That(Neighbours(2.5), Is.GreaterThan(0.7f));
            Assert.That(Neighbours(1), Is.InRange(0.2f, 0.7f));
        });
    }

    [Test]
    public void Truncated_normal_numbers_stay_within_two_deviations_and_are_normal_there()
    {
        using var scope = NewDisposeScope();
        var drawn = TruncatedNormal.Draw([100_000], new Generator(1));
        Assert.Multiple(() =>
        {
            Assert.That(drawn.abs().max().item<float>(), Is.InRange(1.99f, 2.0001f));
            // 1 - 4 φ(2) / (2 Φ(2) - 1)
            Assert.That(drawn.var().item<float>(), Is.EqualTo(0.7737).Within(0.01));
            Assert.That(drawn.abs().lt(1).to(float32).mean().item<float>(), Is.EqualTo(0.6827 / 0.9545).Within(0.01));
        });
    }
}
