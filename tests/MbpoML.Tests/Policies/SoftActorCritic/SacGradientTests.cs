using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Policies.SoftActorCritic;
using static MbpoML.Tests.Policies.SoftActorCritic.SacSamples;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <summary>Losses and gradients of one update against the same equations in double precision and their finite differences, for both implementations.</summary>
public class SacGradientTests
{
    private const int Batch = 13, LearnerSeed = 7;
    private static readonly SacSettings Sizes = Settings(3, 2, 9, 5) with { TargetEntropy = -0.7, Discount = 0.9, RewardScale = 1.5 };

    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void Losses_equal_the_plain_computation(Acceleration acceleration)
    {
        var update = FirstUpdate(acceleration);
        Assert.Multiple(() =>
        {
            Assert.That(update.Metrics["policy/q-loss"], Is.EqualTo(update.Plain.CriticLoss(update.Critics, update.Actor, update.Critics, 1) / 2).Within(1e-5));
            Assert.That(update.Metrics["policy/policy-loss"], Is.EqualTo(update.Plain.ActorLoss(update.Actor, update.Critics, 1)).Within(1e-5));
            Assert.That(update.Metrics["policy/alpha"], Is.EqualTo(1).Within(1e-6));
            Assert.That(update.Metrics["policy/entropy"], Is.EqualTo(update.Plain.AlphaLoss(1, update.Actor) - 0.7).Within(1e-5));
            Assert.That(update.Metrics["policy/alpha-loss"], Is.EqualTo(0).Within(1e-6), "log alpha starts at 0");
        });
    }

    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void Gradients_equal_finite_differences(Acceleration acceleration)
    {
        var update = FirstUpdate(acceleration);
        Assert.Multiple(() =>
        {
            AssertGradient(update.CriticGradient, update.Critics, critics => update.Plain.CriticLoss(critics, update.Actor, update.Critics, 1));
            AssertGradient(update.ActorGradient, update.Actor, actor => update.Plain.ActorLoss(actor, update.Critics, 1));
            AssertGradient(update.AlphaGradient, [0], logAlpha => update.Plain.AlphaLoss(logAlpha[0], update.Actor));
        });
    }

    private static void AssertGradient(double[] gradient, double[] at, Func<double[], double> loss)
    {
        const double Step = 1e-6;
        for (var index = 0; index < at.Length; index++)
        {
            double Shifted(double by) => loss([.. at.Select((value, other) => other == index ? value + by : value)]);
            var difference = (Shifted(Step) - Shifted(-Step)) / (2 * Step);
            Assert.That(gradient[index], Is.EqualTo(difference).Within(1e-5 * Math.Max(1, Math.Abs(difference))), $"parameter {index}");
        }
    }

    private static Outcome FirstUpdate(Acceleration acceleration)
    {
        using var learner = Learner(Sizes, acceleration, seed: LearnerSeed);
        using var rows = Rows(Sizes.Layout, Batch, 3);
        using var noise = Noise(LearnerSeed, Batch, 2, 1)[0];
        // A large bias makes one log standard deviation hit its clip in some rows and not in others.
        using (var bias = learner.State.Actor.narrow(1, Sizes.Actor.BiasOffset(2) + 3, 1)) bias.fill_(2);
        var (actor, critics) = (Doubles(Floats(learner.State.Actor)), Doubles(Floats(learner.State.Critics)));
        learner.Update(rows);
        return new Outcome(
            new PlainSac(Sizes, Floats(rows), Floats(noise), Batch), actor, critics, Gradient(learner.State.ActorOptimizer),
            [.. learner.State.CriticOptimizers.SelectMany(Gradient)], Gradient(learner.State.AlphaOptimizer), learner.TakeMetrics());
    }

    // After one step from zero, Adam's first moment is a tenth of the gradient.
    private static double[] Gradient(FlatAdam optimizer) => [.. Floats(optimizer.FirstMoment).Select(moment => moment / 0.1)];

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];

    // The weights before the update, and what it measured.
    private sealed record Outcome(
        PlainSac Plain, double[] Actor, double[] Critics, double[] ActorGradient, double[] CriticGradient, double[] AlphaGradient,
        IReadOnlyDictionary<string, double> Metrics);
}
