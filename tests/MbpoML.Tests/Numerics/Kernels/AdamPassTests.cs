using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Kernels;

/// <summary>Adam's pass over memory against the same formulas in double precision, value by value.</summary>
public class AdamPassTests
{
    private const double Rate = 1e-2, Decay = 0.3, Smoothing = 0.1;

    [TestCase(1)]
    [TestCase(8)]
    [TestCase(37)]
    public void Decay_and_follower_equal_the_plain_computation(int size)
    {
        using var scope = NewDisposeScope();
        var random = new RandomSource(3);
        var parameters = tensor(Draw(random, size));
        var follower = Draw(random, size);
        var expected = Doubles(Values(parameters));
        var expectedFollower = Doubles(follower);
        var (m, v) = (new double[size], new double[size]);
        using var adam = new FlatAdam(parameters, Rate);
        for (var t = 1; t <= 30; t++)
        {
            var gradient = Draw(random, size);
            adam.StepRange(adam.BeginStep(), 0, gradient, (float)Decay, follower, (float)Smoothing);
            for (var i = 0; i < size; i++)
            {
                var g = gradient[i] + (Decay * expected[i]);
                m[i] = (0.9 * m[i]) + (0.1 * g);
                v[i] = (0.999 * v[i]) + (0.001 * g * g);
                expected[i] -= Rate * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
                expectedFollower[i] += Smoothing * (expected[i] - expectedFollower[i]);
            }
        }
        Assert.Multiple(() =>
        {
            Assert.That(Doubles(Values(parameters)), Is.EqualTo(expected).Within(3e-6));
            Assert.That(Doubles(follower), Is.EqualTo(expectedFollower).Within(3e-6));
            Assert.That(Doubles(Values(adam.FirstMoment)), Is.EqualTo(m).Within(3e-6));
            Assert.That(Doubles(Values(adam.SecondMoment)), Is.EqualTo(v).Within(3e-6));
            Assert.That(adam.StepCount, Is.EqualTo(30));
        });
    }

    [Test]
    public void Ranges_of_one_step_give_the_whole_step_to_the_bit()
    {
        using var scope = NewDisposeScope();
        var random = new RandomSource(4);
        var values = Draw(random, 101);
        var (whole, parts) = (tensor(values), tensor(values));
        using var wholeAdam = new FlatAdam(whole, Rate);
        using var partsAdam = new FlatAdam(parts, Rate);
        for (var t = 0; t < 10; t++)
        {
            var gradient = Draw(random, 101);
            wholeAdam.Step(tensor(gradient));
            var step = partsAdam.BeginStep();
            partsAdam.StepRange(step, 51, gradient.AsSpan(51..));
            partsAdam.StepRange(step, 0, gradient.AsSpan(..17));
            partsAdam.StepRange(step, 17, gradient.AsSpan(17..51));
        }
        Assert.That(Values(parts), Is.EqualTo(Values(whole)));
        Assert.That(partsAdam.StepCount, Is.EqualTo(10));
    }

    [Test]
    public void A_range_leaves_the_rest_alone()
    {
        using var scope = NewDisposeScope();
        var parameters = ones(40);
        using var adam = new FlatAdam(parameters, Rate);
        adam.StepRange(adam.BeginStep(), 10, Enumerable.Repeat(1f, 20).ToArray(), decay: 0.1f);
        var moved = Enumerable.Range(0, 40).Select(index => Values(parameters)[index] != 1).ToArray();
        Assert.That(moved, Is.EqualTo(Enumerable.Range(0, 40).Select(index => index is >= 10 and < 30)));
    }

    [Test]
    public void Moments_never_become_denormal()
    {
        using var scope = NewDisposeScope();
        using var adam = new FlatAdam(zeros(37), Rate);
        adam.Step(ones(37));
        var silent = zeros(37);
        for (var t = 0; t < 1000; t++)
        {
            adam.Step(silent);
            Assert.That(Values(adam.FirstMoment), Has.All.Matches<float>(value => value == 0 || float.IsNormal(value)));
        }
        Assert.That(Values(adam.FirstMoment), Has.All.Zero);
    }

    [Test]
    public void A_span_that_is_too_short_is_refused()
    {
        var step = new AdamPass(0.9, 0.999, Rate, 1, 1e-8);
        var (values, shorter) = (new float[9], new float[8]);
        Assert.Multiple(() =>
        {
            Assert.That(() => step.Run(values, shorter, values, values), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => step.Run(values, values, shorter, values), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => step.Run(values, values, values, shorter), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => step.Run(values, values, values, values, 0, shorter, 0.1f), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    private static float[] Draw(RandomSource random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)random.NextUniform(-2, 2))];

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];
}
