using static MbpoML.Tests.Policies.Sac.SacSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.Sac;

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
    public void Paths_agree_over_a_hundred_updates(int observations, int actions, int batch, int workers, int[] hidden)
    {
        var settings = Settings(observations, actions, hidden);
        using var reference = Learner(settings, Acceleration.Reference);
        using var fused = Learner(settings, Acceleration.Auto, workers);
        for (var update = 0; update < 100; update++)
        {
            using var rows = Rows(settings.Layout, batch, update);
            reference.Update(rows);
            fused.Update(rows);
        }
        var (expected, actual) = (reference.TakeMetrics(), fused.TakeMetrics());
        Assert.Multiple(() =>
        {
            Assert.That(LargestDifference(AllParameters(fused), AllParameters(reference)), Is.LessThan(1e-5));
            foreach (var (name, value) in expected) Assert.That(actual[name], Is.EqualTo(value).Within(1e-4), name);
        });
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
}
