using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using MbpoML.Policies.ValueGradient;
using MbpoML.Tests.Policies.SoftActorCritic;
using static MbpoML.Tests.Policies.ValueGradient.ValueGradientSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.ValueGradient;

/// <summary>Losses and gradients of one update against the same equations in double precision and their finite differences, for both implementations.</summary>
public class ValueGradientGradientTests
{
    private const int LearnerSeed = 7;

    private static readonly ValueGradientSettings Sizes =
        Settings(3, 2, 9, 5) with { Horizon = 2, BatchSize = 13, TargetCriticCount = 3, TargetEntropy = -0.7, InitialTemperature = 0.2 };

    private static IEnumerable<TestCaseData> Variants() =>
        from acceleration in (Acceleration[])[Acceleration.Reference, Acceleration.Auto]
        from bounds in (bool[])[true, false]
        from ends in (bool[])[true, false]
        select new TestCaseData(acceleration, bounds, ends);

    [TestCaseSource(nameof(Variants))]
    public void Losses_equal_the_plain_computation(Acceleration acceleration, bool bounds, bool ends)
    {
        var update = FirstUpdate(acceleration, Sizes with { BoundsValues = bounds, ValuesEnds = ends });
        Assert.Multiple(() =>
        {
            Assert.That(update.Metrics["policy/q-loss"],
                Is.EqualTo(update.Plain.CriticLoss(update.Critics, update.Actor, update.Critics, 0.2) / 3).Within(1e-4).Percent);
            Assert.That(update.Metrics["policy/policy-loss"], Is.EqualTo(update.Plain.ActorLoss(update.Actor, update.NewCritics, 0.2)).Within(1e-4));
            Assert.That(update.Metrics["policy/alpha"], Is.EqualTo(0.2).Within(1e-6));
            Assert.That(update.Metrics["policy/entropy"], Is.EqualTo(update.Plain.Entropy(update.Actor)).Within(1e-5));
            Assert.That(update.Metrics["policy/alpha-loss"], Is.EqualTo(0.2 * (update.Plain.Entropy(update.Actor) + 0.7)).Within(1e-5));
            Assert.That(update.Metrics["policy/policy-gradient-norm"], Is.EqualTo(Norm(update.ActorGradient)).Within(1e-3).Percent);
            Assert.That(update.Metrics["policy/q-gradient-norm"], Is.EqualTo(Norm(update.CriticGradient)).Within(1e-3).Percent);
        });
    }

    [TestCaseSource(nameof(Variants))]
    public void Gradients_through_two_steps_equal_finite_differences(Acceleration acceleration, bool bounds, bool ends)
    {
        var update = FirstUpdate(acceleration, Sizes with { BoundsValues = bounds, ValuesEnds = ends });
        Assert.Multiple(() =>
        {
            AssertGradient(update.CriticGradient, update.Critics, critics => update.Plain.CriticLoss(critics, update.Actor, update.Critics, 0.2));
            AssertGradient(update.ActorGradient, update.Actor, actor => update.Plain.ActorLoss(actor, update.NewCritics, 0.2));
            var entropy = update.Plain.Entropy(update.Actor);
            AssertGradient(update.AlphaGradient, [Math.Log(0.2)], logAlpha => Math.Exp(logAlpha[0]) * (entropy + 0.7));
        });
    }

    private static void AssertGradient(double[] gradient, double[] at, Func<double[], double> loss)
    {
        const double Step = 1e-6;
        var differences = at.Select((_, index) =>
        {
            double Shifted(double by) => loss([.. at.Select((value, other) => other == index ? value + by : value)]);
            return (Shifted(Step) - Shifted(-Step)) / (2 * Step);
        }).ToArray();
        var scale = differences.Max(Math.Abs);
        Assert.That(scale, Is.GreaterThan(1e-3));
        for (var index = 0; index < at.Length; index++) Assert.That(gradient[index], Is.EqualTo(differences[index]).Within(2e-5 * scale), $"parameter {index}");
    }

    private static Outcome FirstUpdate(Acceleration acceleration, ValueGradientSettings settings)
    {
        using var learner = Learner(settings, new ImaginedEnvironment(Smooth(settings.Layout), Leaving), acceleration, seed: LearnerSeed);
        using var starts = Starts(settings, 3);
        // The last layer of fresh critics is zero, and with it all of their gradients by actions.
        using (var generator = new Generator(4))
        using (var last = learner.State.Critics.narrow(1, settings.Critic.WeightOffset(2), 6)) last.normal_(0, 0.5, generator);
        learner.State.Targets.copy_(learner.State.Critics);
        var (actor, critics) = (Doubles(learner.State.Actor), Doubles(learner.State.Critics));
        learner.Update(starts);
        var plain = new PlainValueGradient(
            settings, Rows(starts), Noise(settings), ModelNoise(settings), Doubles(learner.State.Observations.Mean),
            Doubles(learner.State.Observations.Deviation))
        {
            Scale = (learner.State.Bounds.Width, learner.State.Bounds.Center),
            Clip = learner.State.Bounds.Clip,
        };
        return new Outcome(
            plain, actor, critics, Doubles(learner.State.Critics), Gradient(learner.State.ActorOptimizer), Gradient(learner.State.CriticOptimizer),
            Gradient(learner.State.AlphaOptimizer), learner.TakeMetrics());
    }

    // What the learner's streams give: each half of the rows has one for actions and one for the model.
    private static double[][][] Noise(ValueGradientSettings settings) =>
        Steps(settings, settings.Horizon + 1, settings.Layout.ActionSize, "noise", atOnce: true);

    private static double[][][] ModelNoise(ValueGradientSettings settings) =>
        Steps(settings, settings.Horizon, settings.Layout.ObservationSize, "imagining", atOnce: false);

    private static double[][][] Steps(ValueGradientSettings settings, int steps, int width, string stream, bool atOnce)
    {
        using var scope = NewDisposeScope();
        var halves = settings.HalfRows.Select((rows, half) =>
        {
            using var generator = new Generator((ulong)Seeds.Derive(LearnerSeed, stream, half));
            return atOnce ? empty([steps, rows, width]).normal_(generator: generator)
                : stack(Enumerable.Range(0, steps).Select(_ => randn([rows, width], generator: generator)).ToArray());
        }).ToArray();
        var all = cat(halves, 1);
        return [.. Enumerable.Range(0, steps).Select(step => Rows(all[step]))];
    }

    private static double[][] Rows(Tensor rows) => [.. Doubles(rows).Chunk((int)rows.size(1))];

    // After one step from zero, Adam's first moment is a tenth of the gradient.
    private static double[] Gradient(FlatAdam optimizer) => [.. Doubles(optimizer.FirstMoment).Select(moment => moment / 0.1)];

    private static double[] Doubles(Tensor values) => [.. SacSamples.Floats(values.contiguous()).Select(value => (double)value)];

    private static double Norm(double[] gradient) => Math.Sqrt(gradient.Sum(value => value * value));

    // The weights before the update, the critics after it, and what it measured.
    private sealed record Outcome(
        PlainValueGradient Plain, double[] Actor, double[] Critics, double[] NewCritics, double[] ActorGradient, double[] CriticGradient,
        double[] AlphaGradient,
        IReadOnlyDictionary<string, double> Metrics);
}
