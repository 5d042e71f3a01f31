using MbpoML.Numerics;
using static MbpoML.Tests.Policies.SoftActorCritic.SacSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <summary>Observations of any scale reach the networks with zero mean and unit variance, and a policy made of the learner knows nothing of it.</summary>
public class SacStandardizationTests
{
    private static readonly Acceleration[] Both = [Acceleration.Auto, Acceleration.Reference];

    [TestCaseSource(nameof(Both))]
    public void Learning_from_scaled_observations_equals_learning_from_standard_ones(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        var plain = Settings(3, 2, 16, 16);
        using var standardizing = Learner(plain with { StandardizeObservations = true }, acceleration);
        using var reference = Learner(plain, acceleration);
        var first = ScaledRows(1);
        var (mean, deviation) = Scales(first);
        foreach (var seed in Enumerable.Range(1, 5))
        {
            standardizing.Update(ScaledRows(seed));
            reference.Update(Standard(ScaledRows(seed), mean, deviation));
        }

        Assert.That(LargestDifference(AllParameters(standardizing), AllParameters(reference)), Is.LessThan(1e-6));
        Assert.That(LargestDifference(Floats(standardizing.State.Observations.Mean), Floats(mean)), Is.LessThan(1e-4), "the first minibatch's scales stay");
    }

    [Test]
    public void A_minibatch_is_only_read()
    {
        using var scope = NewDisposeScope();
        using var learner = Learner(Settings(3, 2, 8) with { StandardizeObservations = true });
        var rows = ScaledRows(1);
        var before = Floats(rows);
        learner.Update(rows);
        Assert.That(Floats(rows), Is.EqualTo(before));
    }

    [Test]
    public void A_policy_has_the_scales_inside()
    {
        using var scope = NewDisposeScope();
        using var learner = Learner(Settings(3, 2, 16, 16) with { StandardizeObservations = true });
        for (var update = 0; update < 20; update++) learner.Update(ScaledRows(update));
        using var policy = learner.ToTransformer();
        var observations = learner.State.Observations.Mean + (randn(50, 3, generator: new Generator(5)) * learner.State.Observations.Deviation);
        Assert.That(LargestDifference(Floats(policy.Act(observations)), Floats(learner.Act(observations))), Is.LessThan(1e-4));
        Assert.That(learner.Act(observations).std([0L], unbiased: false).min().item<float>(), Is.GreaterThan(1e-3),
            "the actions depend on the observation at all");
    }

    // Dimensions with means 100, -5 and 0 and deviations 1000, 1 and 0.01.
    private static Tensor ScaledRows(int seed)
    {
        var layout = Settings(3, 2, 8).Layout;
        var rows = Rows(layout, 64, seed);
        foreach (var part in (Tensor[])[layout.Observation(rows), layout.NextObservation(rows)])
            part.mul_(tensor(new float[] { 1000, 1, 0.01f })).add_(tensor(new float[] { 100, -5, 0 }));
        return rows;
    }

    private static (Tensor Mean, Tensor Deviation) Scales(Tensor rows)
    {
        var observation = Settings(3, 2, 8).Layout.Observation(rows);
        return (observation.mean([0L], keepdim: true), observation.std([0L], unbiased: false, keepdim: true));
    }

    private static Tensor Standard(Tensor rows, Tensor mean, Tensor deviation)
    {
        var layout = Settings(3, 2, 8).Layout;
        var copy = rows.clone();
        foreach (var part in (Tensor[])[layout.Observation(copy), layout.NextObservation(copy)]) part.sub_(mean).div_(deviation);
        return copy;
    }
}
