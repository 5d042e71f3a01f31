using System.Numerics;
using MbpoML.Numerics.Random;

namespace MbpoML.Tests.Numerics.Random;

public class PinkNoiseTests
{
    private const int Length = PinkNoise.Length;

    [Test]
    public void The_power_falls_as_one_over_the_frequency()
    {
        var sequences = Sequences(new PinkNoise(seed: 3, dimensions: 200));
        double[] power = [.. Enumerable.Range(1, (Length / 2) - 1).Select(frequency => sequences.Average(sequence => Power(sequence, frequency)))];
        double[] x = [.. Enumerable.Range(1, power.Length).Select(frequency => Math.Log(frequency))], y = [.. power.Select(own => Math.Log(own))];
        var (middleX, middleY) = (x.Average(), y.Average());
        var slope = x.Zip(y, (own, value) => (own - middleX) * (value - middleY)).Sum() / x.Sum(own => Math.Pow(own - middleX, 2));
        Assert.That(slope, Is.EqualTo(-1).Within(0.03));
        // No band stands out: each has 200 draws.
        for (var band = 0; band < power.Length; band++) Assert.That(power[band] * (band + 1) / power[0], Is.EqualTo(1).Within(0.6), $"band {band + 1}");
    }

    [Test]
    public void Each_number_is_standard_normal_at_the_beginning_as_in_the_middle([Values(0, 1, 499, 999)] int step)
    {
        var sequences = Sequences(new PinkNoise(seed: 4, dimensions: 3000));
        double[] values = [.. sequences.Select(sequence => sequence[step])];
        Assert.Multiple(() =>
        {
            Assert.That(values.Average(), Is.EqualTo(0).Within(0.08));
            Assert.That(values.Average(value => value * value), Is.EqualTo(1).Within(0.1));
            Assert.That(values.Average(value => Math.Abs(value) < 1 ? 1 : 0), Is.EqualTo(0.683).Within(0.04));
        });
    }

    [Test]
    public void Sequences_differ_by_dimension_seed_and_number()
    {
        var noise = new PinkNoise(seed: 5, dimensions: 2);
        var (first, second, other) = (Sequences(noise), Sequences(noise), Sequences(new PinkNoise(seed: 6, dimensions: 2)));
        Assert.Multiple(() =>
        {
            Assert.That(new[] { first[0], first[1], second[0], second[1], other[0], other[1] }.Select(sequence => sequence[0]), Is.Unique);
            Assert.That(Sequences(new PinkNoise(seed: 5, dimensions: 2)), Is.EqualTo(first));
        });
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(999)]
    [TestCase(1000)]
    [TestCase(2345)]
    public void It_goes_on_from_a_count(int given)
    {
        var (noise, other) = (new PinkNoise(seed: 7, dimensions: 3), new PinkNoise(seed: 7, dimensions: 3));
        for (var step = 0; step < given; step++) noise.Next();
        Assert.That(noise.Given, Is.EqualTo(given));
        other.Given = given;
        for (var step = 0; step < 1100; step++) Assert.That(other.Next().ToArray(), Is.EqualTo(noise.Next().ToArray()));
    }

    // The next sequence of each dimension.
    private static float[][] Sequences(PinkNoise noise)
    {
        float[][] steps = [.. Enumerable.Range(0, Length).Select(_ => noise.Next().ToArray())];
        return [.. Enumerable.Range(0, steps[0].Length).Select(dimension => steps.Select(step => step[dimension]).ToArray())];
    }

    private static double Power(float[] sequence, int frequency)
    {
        var sum = Complex.Zero;
        for (var step = 0; step < Length; step++) sum += sequence[step] * Complex.FromPolarCoordinates(1, -2 * Math.PI * frequency * step / Length);
        return Math.Pow(sum.Magnitude, 2);
    }
}
