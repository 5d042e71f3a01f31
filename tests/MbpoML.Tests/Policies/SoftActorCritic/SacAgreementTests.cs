using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Saving;
using TorchSharp;
using static MbpoML.Tests.Policies.SoftActorCritic.SacSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <summary>The fast path and the reference path take the same steps.</summary>
public class SacAgreementTests
{
    [TestCase(1, 1, 8, 1, new[] { 8 })]
    [TestCase(3, 1, 32, 1, new[] { 64, 64 })]
    [TestCase(3, 1, 31, 2, new[] { 33, 17 })]
    [TestCase(11, 3, 100, 2, new[] { 50, 30, 20 })]
    [TestCase(17, 6, 64, 1, new[] { 128, 128 })]
    [TestCase(45, 17, 37, 1, new[] { 40, 24 })]
    [TestCase(45, 17, 1, 2, new[] { 12 })]
    [TestCase(1, 17, 9, 2, new[] { 7 })]
    [TestCase(45, 1, 2, 1, new[] { 64, 32, 16 })]
    [TestCase(2, 5, 53, 1, new[] { 33, 47 }, 0.2)]
    [TestCase(29, 8, 19, 2, new[] { 5, 9, 3, 16 }, 0.05)]
    public void Paths_agree_over_a_hundred_updates(
        int observations, int actions, int batch, int workers, int[] hidden, double? entropyCoefficient = null)
    {
        var (difference, _) = Differences(observations, actions, batch, workers, hidden, entropyCoefficient);
        Assert.That(difference, Is.LessThan(1e-5));
    }

    // In large networks some unit of some row comes so near to zero that the two paths, which add in another order, find it on either side. Until then,
    // at some forty updates on one processor, all parameters agree to 2e-7. Then the few that such a unit feeds part.
    [Test]
    public void Large_networks_agree_but_for_units_at_zero()
    {
        Assert.That(LargestDifferenceOfAnUpdate(17, 6, 256, 2, [256, 256]), Is.LessThan(1e-5), "a hundred updates, each from the same state");
        var (largest, usual) = Differences(17, 6, 256, 2, [256, 256], null);
        Assert.That(usual, Is.LessThan(1e-5), "a single number that is wrong at each update is further away");
        Assert.That(largest, Is.LessThan(0.003), "a tenth of what a number can move in so many updates");
    }

    [Test]
    public void Paths_agree_with_a_constant_entropy_coefficient_and_other_numbers()
    {
        var settings = Settings(4, 2, 24, 24) with { EntropyCoefficient = 0.2, RewardScale = 0.1, Discount = 0.9, TargetSmoothing = 0.1, LearningRate = 1e-3 };
        using var reference = Learner(settings, Acceleration.Reference);
        using var fused = Learner(settings);
        for (var update = 0; update < 20; update++)
        {
            using var rows = Rows(settings.Layout, 16 + update, update);
            reference.Update(rows);
            fused.Update(rows);
        }
        Assert.That(LargestDifference(AllParameters(fused), AllParameters(reference)), Is.LessThan(1e-5));
        Assert.That(Math.Exp(fused.State.LogAlpha.item<float>()), Is.EqualTo(0.2).Within(1e-6));
    }

    [TestCase(5, 2, 65, new[] { 32, 32 })]
    [TestCase(17, 6, 256, new[] { 256, 256 })]
    [TestCase(1, 1, 1, new[] { 7 })]
    [TestCase(11, 3, 100, new[] { 50, 30, 20 })]
    public void The_number_of_workers_changes_no_bit(int observations, int actions, int batch, int[] hidden)
    {
        var settings = Settings(observations, actions, hidden);
        using var one = Learner(settings, workers: 1);
        using var two = Learner(settings, workers: 2);
        for (var update = 0; update < 30; update++)
        {
            using var rows = Rows(settings.Layout, batch, update);
            one.Update(rows);
            two.Update(rows);
        }
        Assert.That(AllParameters(two), Is.EqualTo(AllParameters(one)));
        Assert.That(two.TakeMetrics(), Is.EqualTo(one.TakeMetrics()));
    }

    [Test]
    public void Paths_agree_where_one_critic_is_always_the_smaller_one()
    {
        var settings = Settings(4, 2, 24, 24);
        using var reference = Learner(settings, Acceleration.Reference);
        using var fused = Learner(settings);
        foreach (var learner in (SacLearner[])[reference, fused])
        {
            using var bias = learner.State.Critics.narrow(1, settings.Critic.BiasOffset(2), 1);
            bias[0].fill_(-50);
        }
        for (var update = 0; update < 20; update++)
        {
            using var rows = Rows(settings.Layout, 30, update);
            reference.Update(rows);
            fused.Update(rows);
        }
        Assert.That(LargestDifference(AllParameters(fused), AllParameters(reference)), Is.LessThan(1e-5));
    }

    [Test]
    public void Paths_agree_where_both_critics_are_equal()
    {
        var settings = Settings(4, 2, 24, 24);
        using var reference = Learner(settings, Acceleration.Reference);
        using var fused = Learner(settings);
        foreach (var learner in (SacLearner[])[reference, fused])
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            learner.State.Critics[1].copy_(learner.State.Critics[0]);
            learner.State.Targets.copy_(learner.State.Critics);
        }
        for (var update = 0; update < 20; update++)
        {
            using var rows = Rows(settings.Layout, 30, update);
            reference.Update(rows);
            fused.Update(rows);
        }
        Assert.That(LargestDifference(AllParameters(fused), AllParameters(reference)), Is.LessThan(1e-5));
    }

    [TestCase(Acceleration.Auto, DeviceType.CPU, true)]
    [TestCase(Acceleration.Auto, DeviceType.CUDA, false)]
    [TestCase(Acceleration.Auto, DeviceType.MPS, false)]
    [TestCase(Acceleration.Reference, DeviceType.CPU, false)]
    [TestCase(Acceleration.Reference, DeviceType.CUDA, false)]
    public void Auto_takes_the_fast_path_on_the_CPU_only(Acceleration acceleration, DeviceType device, bool fused)
    {
        Assert.That(SacLearner.RunsFused(acceleration, device), Is.EqualTo(fused));
        if (device != DeviceType.CPU) return;
        using var learner = Learner(Settings(3, 2, 8), acceleration);
        Assert.That(learner.IsFused, Is.EqualTo(fused));
    }

    [TestCase(Acceleration.Reference, 1, 1e-5)]
    [TestCase(Acceleration.Auto, 2, 0)]
    public void Drawn_actions_do_not_depend_on_blocks_and_workers(Acceleration acceleration, int workers, double tolerance)
    {
        var settings = Settings(4, 2, 24, 24) with { StandardizeObservations = true };
        using var scope = NewDisposeScope();
        using var learner = Learner(settings);
        using var other = Learner(settings, acceleration, workers);
        var observation = settings.Layout.Observation(Rows(settings.Layout, 1700, 5));
        using var one = new Generator(8);
        using var two = new Generator(8);
        Assert.That(LargestDifference(Floats(other.Sample(observation, two)), Floats(learner.Sample(observation, one))), Is.LessThanOrEqualTo(tolerance));
    }

    [Test]
    public void Rows_may_be_a_view()
    {
        var settings = Settings(3, 2, 8);
        using var dense = Learner(settings);
        using var strided = Learner(settings);
        using var rows = Rows(settings.Layout, 12, 1);
        using var transposed = rows.t().contiguous();
        using var view = transposed.t();
        dense.Update(rows);
        strided.Update(view);
        Assert.That(AllParameters(strided), Is.EqualTo(AllParameters(dense)));
    }

    // Both paths begin each update where the reference ended the one before.
    private static double LargestDifferenceOfAnUpdate(int observations, int actions, int batch, int workers, int[] hidden)
    {
        var settings = Settings(observations, actions, hidden);
        using var reference = Learner(settings, Acceleration.Reference);
        using var fused = Learner(settings, Acceleration.Auto, workers);
        var largest = 0.0;
        for (var update = 0; update < 100; update++)
        {
            using var rows = Rows(settings.Layout, batch, update);
            using (var state = StateMemory.Of(reference)) state.RestoreTo(fused);
            reference.Update(rows);
            fused.Update(rows);
            largest = Math.Max(largest, LargestDifference(AllParameters(fused), AllParameters(reference)));
        }

        return largest;
    }

    private static (double Largest, double Usual) Differences(
        int observations, int actions, int batch, int workers, int[] hidden, double? entropyCoefficient)
    {
        // Every fourth row is terminated.
        var settings = Settings(observations, actions, hidden) with { EntropyCoefficient = entropyCoefficient };
        using var reference = Learner(settings, Acceleration.Reference);
        using var fused = Learner(settings, Acceleration.Auto, workers);
        for (var update = 0; update < 100; update++)
        {
            using var rows = Rows(settings.Layout, batch, update);
            reference.Update(rows);
            fused.Update(rows);
        }
        var (expected, actual) = (reference.TakeMetrics(), fused.TakeMetrics());
        foreach (var (name, value) in expected) Assert.That(actual[name], Is.EqualTo(value).Within(1e-4), name);
        var (first, second) = (AllParameters(fused), AllParameters(reference));
        return (LargestDifference(first, second), UsualDifference(first, second));
    }
}
