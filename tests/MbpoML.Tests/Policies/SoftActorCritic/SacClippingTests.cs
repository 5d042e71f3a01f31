using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Policies.SoftActorCritic;
using static MbpoML.Tests.Policies.SoftActorCritic.SacSamples;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <summary>Clipped gradients: the same in both paths and for any number of workers, and as long as they may be.</summary>
public class SacClippingTests
{
    private static readonly Acceleration[] Both = [Acceleration.Auto, Acceleration.Reference];

    [TestCase(0.01, 64, 1)]
    [TestCase(0.3, 31, 2)]
    [TestCase(0.3, 1, 1)]
    [TestCase(1e9, 64, 1)]
    public void Paths_agree_over_a_hundred_updates(double maxNorm, int batch, int workers)
    {
        var settings = Settings(5, 2, 33, 20) with { GradientClipping = maxNorm };
        using var reference = Trained(settings, Acceleration.Reference, 1, batch);
        using var fused = Trained(settings, Acceleration.Auto, workers, batch);
        Assert.That(LargestDifference(AllParameters(fused), AllParameters(reference)), Is.LessThan(1e-5));
    }

    [TestCase(65)]
    [TestCase(1)]
    public void The_number_of_workers_changes_no_bit(int batch)
    {
        var settings = Settings(5, 2, 33, 20) with { GradientClipping = 0.1 };
        using var one = Trained(settings, Acceleration.Auto, 1, batch);
        using var two = Trained(settings, Acceleration.Auto, 2, batch);
        Assert.That(AllParameters(two), Is.EqualTo(AllParameters(one)));
    }

    [TestCaseSource(nameof(Both))]
    public void No_gradient_is_longer_than_allowed_and_its_direction_stays(Acceleration acceleration)
    {
        const double maxNorm = 0.05;
        var settings = Settings(5, 2, 33, 20);
        using var free = Trained(settings, acceleration, 1, 64, updates: 1);
        using var clipped = Trained(settings with { GradientClipping = maxNorm }, acceleration, 1, 64, updates: 1);
        foreach (var (before, after) in Optimizers(free).Zip(Optimizers(clipped)))
        {
            // After one step from zero, Adam's first moment is a tenth of the gradient.
            Assert.That(Norm(before), Is.GreaterThan(2 * maxNorm), "or else nothing is tested");
            Assert.That(Norm(after), Is.EqualTo(maxNorm).Within(1e-5));
            Assert.That(LargestDifference([.. before.Select(value => (float)(value * maxNorm / Norm(before)))], after), Is.LessThan(1e-6));
        }
    }

    [TestCaseSource(nameof(Both))]
    public void A_bound_that_no_gradient_reaches_changes_no_bit(Acceleration acceleration)
    {
        var settings = Settings(5, 2, 33, 20);
        using var free = Trained(settings, acceleration, 1, 64);
        using var bounded = Trained(settings with { GradientClipping = 1e6 }, acceleration, 1, 64);
        Assert.That(AllParameters(bounded), Is.EqualTo(AllParameters(free)));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(double.NaN)]
    public void A_bound_must_be_above_zero(double maxNorm) => Assert.That(
        () => new SoftActorCriticTrainer.Options { GradientClipping = maxNorm }.Validate(),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("GradientClipping"));

    private static SacLearner Trained(SacSettings settings, Acceleration acceleration, int workers, int batch, int updates = 100)
    {
        var learner = Learner(settings, acceleration, workers);
        for (var update = 0; update < updates; update++)
        {
            using var rows = Rows(settings.Layout, batch, update);
            learner.Update(rows);
        }
        return learner;
    }

    private static IEnumerable<float[]> Optimizers(SacLearner learner) =>
        ((FlatAdam[])[learner.State.ActorOptimizer, .. learner.State.CriticOptimizers]).Select(
            adam => Floats(adam.FirstMoment).Select(value => 10 * value).ToArray());

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));
}
