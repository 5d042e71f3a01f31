using MbpoML.Numerics.Networks;
using MbpoML.Policies.OnPolicy;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.OnPolicy;

public class ValueNetworkTests
{
    private static Tensor Observations => randn(60, 2, generator: new Generator(1));

    [Test]
    public void A_new_scale_changes_no_value()
    {
        using var network = New();
        using var scope = NewDisposeScope();
        Learn(network, Targets(1), 5);
        var before = network.Values(Observations);
        network.Encode(Targets(1000));
        Assert.That(network.Values(Observations), Is.EqualTo(before).Within(1e-2));
        Assert.That(before.Max() - before.Min(), Is.GreaterThan(0.05), "they are not all equal");
    }

    // The network itself sees numbers of order one.
    [TestCase(1)]
    [TestCase(1e4)]
    public void Values_of_any_size_are_learned(double size)
    {
        using var network = New();
        using var scope = NewDisposeScope();
        var targets = Targets(size);
        Learn(network, targets, 800);
        var errors = network.Values(Observations).Zip(targets, (value, target) => Math.Abs(value - target));
        Assert.That(errors.Max(), Is.LessThan(0.15 * size));
    }

    [Test]
    public void What_is_restored_goes_on_bit_for_bit_and_what_is_damaged_changes_nothing()
    {
        using var network = New();
        using var restored = New(seed: 9);
        using var scope = NewDisposeScope();
        Learn(network, Targets(3), 4);
        using var saved = new StateMemory();
        network.Save(saved);
        restored.Restore(saved)();
        foreach (var one in (ValueNetwork[])[network, restored]) Learn(one, Targets(4), 4);
        Assert.That(restored.Values(Observations), Is.EqualTo(network.Values(Observations)));
        saved.Replace("values/scale", tensor((double[])[1, 2, -1]));
        Assert.That(() => restored.Restore(saved), Throws.InstanceOf<CheckpointException>().With.Message.Contains("values/scale"));
    }

    private static ValueNetwork New(int seed = 1) => new(new NetworkShape(2, [16, 16], 1, Activation.Tanh), seed, CPU, 5e-3, clipping: null);

    private static double[] Targets(double size) =>
        [.. EpisodeSamples.Floats(Observations.select(1, 0)).Select(value => size * (2 + Math.Sin(value)))];

    private static void Learn(ValueNetwork network, double[] targets, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            network.Step(Observations, network.Encode(targets));
        }
    }
}
