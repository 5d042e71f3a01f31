using MbpoML.Numerics.Random;
using MbpoML.Tests.Devices;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Random;

/// <summary>The counter-based numbers run on every device, so on the CPU too, where their values can be seen.</summary>
public class NormalStreamTests
{
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Names))]
    public void Each_word_of_SplitMix64_makes_two_normal_numbers(string name)
    {
        using var normals = new CounterNormals(seed: 5, device(name));
        var words = new SplitMix64(new SplitMix64(5).Next());
        var values = Draw(normals, name, 1000);
        for (var pair = 0; pair < 500; pair++)
        {
            var word = words.Next();
            var radius = Math.Sqrt(-2 * Math.Log(((word >> 32) + 0.5) / Math.Pow(2, 32)));
            var angle = 2 * Math.PI * (uint)word / Math.Pow(2, 32);
            Assert.That(values[2 * pair], Is.EqualTo(radius * Math.Cos(angle)).Within(1e-6));
            Assert.That(values[(2 * pair) + 1], Is.EqualTo(radius * Math.Sin(angle)).Within(1e-6));
        }
    }

    [Test]
    public void Their_distribution_is_normal_and_no_two_are_alike()
    {
        using var normals = new CounterNormals(seed: 1, CPU);
        var values = Draw(normals, "cpu", 200_000).Select(value => (double)value).ToArray();
        var mean = values.Average();
        // Standard errors at this size: 0.0022 of the mean and of the products, 0.0032 of the second moment, 0.022 of the fourth, 0.0005 of the tail.
        Assert.Multiple(() =>
        {
            Assert.That(mean, Is.EqualTo(0).Within(0.01));
            Assert.That(values.Average(value => value * value), Is.EqualTo(1).Within(0.015));
            Assert.That(values.Average(value => value * value * value * value), Is.EqualTo(3).Within(0.1));
            Assert.That(values.Count(value => Math.Abs(value) > 1.959964) / 200_000.0, Is.EqualTo(0.05).Within(0.003));
            Assert.That(values.Zip(values.Skip(1), (first, second) => first * second).Average(), Is.EqualTo(0).Within(0.01), "neighbours");
            Assert.That(values.Zip(values.Skip(2), (first, second) => first * second).Average(), Is.EqualTo(0).Within(0.01), "neighbouring words");
            Assert.That(values.Distinct().Count(), Is.GreaterThan(195_000));
        });
    }

    [Test]
    public void Other_seeds_give_other_numbers()
    {
        using var first = new CounterNormals(seed: 1, CPU);
        using var second = new CounterNormals(seed: 2, CPU);
        Assert.That(Draw(first, "cpu", 1000).Intersect(Draw(second, "cpu", 1000)), Is.Empty);
    }

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Names))]
    public void A_stream_goes_on_from_its_state(string name)
    {
        foreach (var make in new Func<int, NormalStream>[] { seed => NormalStream.Create(seed, device(name)), seed => new CounterNormals(seed, device(name)) })
        {
            using var stream = make(3);
            // Past the numbers that are computed at once, of sizes that are odd and change.
            for (var fill = 0; fill < 70; fill++) Draw(stream, name, 7);
            using var state = stream.GetState();
            float[] Next(NormalStream of) => [.. Draw(of, name, 7), .. Draw(of, name, 12)];
            var expected = Next(stream);
            using var restored = make(4);
            restored.SetState(state);
            Assert.That(Next(restored), Is.EqualTo(expected));
            stream.SetState(state);
            Assert.That(Next(stream), Is.EqualTo(expected));
        }
    }

    [Test]
    public void The_number_of_live_tensors_stays_flat()
    {
        using var normals = new CounterNormals(seed: 1, CPU);
        using var noise = empty(8, 3);
        normals.Fill(noise);
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var fill = 0; fill < 500; fill++) normals.Fill(noise);
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(live));
    }

    private static float[] Draw(NormalStream normals, string name, int count)
    {
        using var values = empty(count, ScalarType.Float32, device(name));
        normals.Fill(values);
        using var seen = values.cpu();
        return seen.data<float>().ToArray();
    }
}
