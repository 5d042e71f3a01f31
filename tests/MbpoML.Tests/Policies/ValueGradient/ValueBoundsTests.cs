using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Policies.ValueGradient;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.ValueGradient;

/// <summary>The range of values from rewards whose quantiles are known.</summary>
public class ValueBoundsTests
{
    // With this discount a policy earns four times what it earns at each step.
    private static readonly ValueGradientSettings Settings =
        new(new TransitionLayout(1, 1), BoxSpace.Uniform(1, -1, 1), [1], [1]) { Discount = 0.75, BoundsRate = 0.25 };

    // The squares of 0 to 10 in disorder: a tenth of the way from 0 to 1, and nine tenths from 81 to 100.
    [Test]
    public void The_first_rewards_set_the_range()
    {
        var bounds = new ValueBounds(Settings);
        Assert.That((bounds.IsSet, bounds.Low, bounds.High), Is.EqualTo((false, 0.0, 0.0)));
        bounds.Follow([49, 0, 100, 25, 9, 1, 81, 4, 64, 16, 36], canEnd: false);
        Assert.Multiple(() =>
        {
            Assert.That(bounds.IsSet);
            Assert.That(bounds.Low, Is.EqualTo(0.4).Within(1e-6));
            Assert.That(bounds.High, Is.EqualTo(4 * 98.1).Within(1e-6));
            Assert.That(bounds.Width, Is.EqualTo(196).Within(1e-4));
            Assert.That(bounds.Center, Is.EqualTo(196.4).Within(1e-4));
            Assert.That(bounds.Clip, Is.EqualTo(((float)bounds.Low, (float)bounds.High)));
        });
    }

    [Test]
    public void Quantiles_are_those_of_torch([Values(2, 7, 100, 1000)] int count)
    {
        var random = new RandomSource(count);
        float[] earned = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
        using var all = tensor(earned);
        using var quantiles = all.quantile(tensor(new[] { 0.01f, 0.99f }));
        var bounds = new ValueBounds(Settings);
        bounds.Follow(earned, canEnd: false);
        Assert.That(new[] { bounds.Low / 4, bounds.High / 4 }, Is.EqualTo(quantiles.data<float>().ToArray()).Within(1e-5));
    }

    [Test]
    public void Later_rewards_move_the_range_at_its_rate()
    {
        var bounds = new ValueBounds(Settings);
        bounds.Set(-8, 20, isSet: true);
        bounds.Follow([3], canEnd: false);
        // A quarter of the way to 12.
        Assert.That((bounds.Low, bounds.High, bounds.IsSet), Is.EqualTo((-3.0, 18.0, true)));
    }

    [Test]
    public void A_saved_range_that_was_not_set_is_set_by_the_next_rewards()
    {
        var bounds = new ValueBounds(Settings);
        bounds.Set(-8, 20, isSet: false);
        bounds.Follow([3], canEnd: false);
        Assert.That((bounds.Low, bounds.High, bounds.IsSet), Is.EqualTo((12.0, 12.0, true)));
    }

    [TestCase(2, true, true, 0, 8)]
    [TestCase(-2, true, true, -8, 0)]
    [TestCase(2, false, true, 8, 8)]
    [TestCase(-2, false, true, -8, -8)]
    [TestCase(2, true, false, 8, 8)]
    [TestCase(-2, true, false, -8, -8)]
    public void Where_the_task_can_end_the_range_holds_zero(float reward, bool canEnd, bool keepsZero, double low, double high)
    {
        var bounds = new ValueBounds(Settings with { KeepsZeroInBounds = keepsZero });
        bounds.Follow([reward], canEnd);
        Assert.That((bounds.Low, bounds.High), Is.EqualTo((low, high)));
    }

    [Test]
    public void An_empty_range_still_lets_critics_learn()
    {
        var bounds = new ValueBounds(Settings);
        bounds.Follow([5, 5], canEnd: false);
        Assert.That((bounds.Width, bounds.Center, bounds.Clip), Is.EqualTo((1e-6f, 20f, (20f, 20f))));
    }

    [Test]
    public void Values_without_bounds_are_neither_scaled_nor_cut()
    {
        var bounds = new ValueBounds(Settings with { BoundsValues = false });
        bounds.Follow([1, 5], canEnd: false);
        Assert.That((bounds.Width, bounds.Center, bounds.Clip), Is.EqualTo((1f, 0f, (float.NegativeInfinity, float.PositiveInfinity))));
    }
}
