using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Policies;
using MbpoML.Theory;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Evaluation.Diagnostics;

/// <summary>Policy shift and model error against numbers that follow from how policies and models were made.</summary>
public class MeasuredInputsTests
{
    [Test]
    public void The_shift_is_the_divergence_of_the_actions_and_pinskers_bound()
    {
        using var one = Constant([0.3f, -1], [-0.5f, 0.2f]);
        using var other = Constant([0.1f, -0.5f], [0.1f, -0.3f]);
        var shift = Catalog().PolicyShift(one, other, States(7));
        // log(σ₂/σ₁) + (σ₁² + (μ₁ - μ₂)²) / (2 σ₂²) - 1/2, by hand for each action.
        var expected = 0.6 + ((Math.Exp(-1) + 0.04) / (2 * Math.Exp(0.2))) - 0.5 + (-0.5 + ((Math.Exp(0.4) + 0.25) / (2 * Math.Exp(-0.6))) - 0.5);
        Assert.Multiple(() =>
        {
            Assert.That(shift.MeanDivergence, Is.EqualTo(expected).Within(1e-5));
            Assert.That(shift.LargestDivergence, Is.EqualTo(expected).Within(1e-5));
            Assert.That(shift.MeanTotalVariation, Is.EqualTo(TotalVariation.FromDivergence(expected)).Within(1e-5));
        });
    }

    [Test]
    public void The_divergence_is_that_of_drawn_actions()
    {
        using var one = Constant([0.3f, -0.2f], [-0.5f, -0.8f]);
        using var other = Constant([0, 0.1f], [-0.4f, -0.5f]);
        var shift = Catalog().PolicyShift(one, other, States(1));
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        // The mean of log p₁(a) - log p₂(a) over drawn actions, in which the squashing cancels: a = tanh(u) in [-1, 1].
        var drawn = one.Sample(zeros(200_000, 3), generator).to(ScalarType.Float64).clamp(-0.9999999, 0.9999999).atanh();
        Tensor LogDensity(double[] mean, double[] log) => -((drawn - tensor(mean)) / tensor(log).exp()).square().sum(1) / 2 - log.Sum();
        var estimate = (LogDensity([0.3, -0.2], [-0.5, -0.8]) - LogDensity([0, 0.1], [-0.4, -0.5])).mean().item<double>();
        Assert.That(shift.MeanDivergence, Is.EqualTo(estimate).Within(0.01));
    }

    [Test]
    public void A_perturbed_policy_lies_farther_away_the_larger_the_scale_in_a_direction_of_its_seed()
    {
        using var policy = PolicyFixture.Policy();
        var view = PolicyFixture.View([[1, 2, 3], [-1, 0.5f, 2]]);
        double Shift(double scale, int seed)
        {
            using var perturbed = policy.Perturb(scale, seed);
            return Catalog().PolicyShift(perturbed, policy, view).MeanDivergence;
        }

        Assert.Multiple(() =>
        {
            Assert.That(Shift(0, 1), Is.Zero);
            Assert.That(new[] { Shift(0.001, 1), Shift(0.01, 1), Shift(0.1, 1) }, Is.Ordered.Ascending.And.All.GreaterThan(0));
            // A divergence is a square of the distance where that is small.
            Assert.That(Shift(0.002, 1) / Shift(0.001, 1), Is.EqualTo(4).Within(0.2));
            Assert.That(new[] { Shift(0.01, 1), Shift(0.01, 1), Shift(0.01, 2) }.Distinct().Count(), Is.EqualTo(2), "a direction follows from the seed");
        });
    }

    [Test]
    public void A_policy_has_not_shifted_from_itself_and_sizes_must_agree()
    {
        using var one = Constant([0.3f, -1], [-0.5f, 0.2f]);
        var shift = Catalog().PolicyShift(one, one, States(3));
        Assert.That(new[] { shift.MeanDivergence, shift.LargestDivergence, shift.LargestTotalVariation }, Has.All.EqualTo(0).Within(1e-12));
        using var narrow = Constant([0.3f], [-0.5f]);
        Assert.That(() => Catalog().PolicyShift(one, narrow, States(3)), Throws.ArgumentException.With.Property("ParamName").EqualTo("collecting"));
    }

    [Test]
    public void The_error_of_a_model_is_that_of_normal_distributions_so_far_apart()
    {
        const double Error = 0.1;
        using var environment = new LineEnvironment();
        var transitions = new MLContext(seed: 1).Reinforcement().Data.Record(environment, 500);
        double[] scale = [1, 0.25];
        var measured = Catalog().ModelError(new LineModel(Error, noise: 0.2), transitions, scale);
        // The reward is right, the observation off by 0.1: 0.4 of its scale.
        var distance = 2 * NormalTo(0.4 / 2);
        Assert.Multiple(() =>
        {
            Assert.That(measured.MeanTotalVariation, Is.EqualTo(distance).Within(1e-4));
            Assert.That(measured.RootMeanSquare, Is.EqualTo(0.4 / Math.Sqrt(2)).Within(1e-4));
            Assert.That(measured.NegativeLogLikelihood, Is.EqualTo((2 * Math.Log(0.2 * Math.Sqrt(2 * Math.PI))) + (0.25 / 2)).Within(1e-4));
            Assert.That(measured.Scale, Is.EqualTo(scale));
            Assert.That(Catalog().ModelError(new LineModel(0, 0.2), transitions).MeanTotalVariation, Is.LessThan(1e-4));
            Assert.That(Catalog().ModelError(new LineModel(50, 0.2), transitions).MeanTotalVariation, Is.EqualTo(1).Within(1e-6));
        });
    }

    [Test]
    public void The_usual_scale_is_the_deviation_of_what_changes()
    {
        using var environment = new LineEnvironment();
        var transitions = new MLContext(seed: 1).Reinforcement().Data.Record(environment, 3000);
        var measured = Catalog().ModelError(new LineModel(0, 0.2), transitions);
        // x' - x = 0.3 a with a even in [-2, 2]: 0.3 · 4 / √12.
        Assert.That(measured.Scale[1], Is.EqualTo(1.2 / Math.Sqrt(12)).Within(0.01));
        Assert.That(() => Catalog().ModelError(new LineModel(0, 1), transitions, [1]), Throws.ArgumentException.With.Property("ParamName").EqualTo("scale"));
        Assert.That(() => Catalog().ModelError(new LineModel(0, 1), transitions, [1, 0]), Throws.ArgumentException.With.Message.Contains("[1, 0]"));
    }

    [Test]
    public void What_changes_by_the_same_amount_but_for_rounding_has_the_unit_1()
    {
        // A clock of single precision in hours, a value that stands still, and one that moves; the reward is always 0.1.
        var (clock, collector, random) = (0.1f, new TransitionCollector(), new RandomSource(3));
        for (var step = 0; step < 2000; step++)
        {
            var next = clock + 0.05f;
            collector.Add(
                new Transition
                {
                    Observation = [clock, 1e6f / 3, 0],
                    Action = [0],
                    Reward = 0.1f,
                    NextObservation = [next, 1e6f / 3, (float)random.NextNormal()]
                });
            clock = next;
        }

        using var table = TransitionReader.Read(collector.ToDataView(TransitionColumns.Default));
        var scale = MbpoML.Evaluation.Diagnostics.ModelError.UsualScale(table);
        Assert.Multiple(() =>
        {
            Assert.That(scale[..3], Is.EqualTo(new[] { 1.0, 1, 1 }));
            Assert.That(scale[3], Is.EqualTo(1).Within(0.05).And.Not.EqualTo(1));
        });
    }

    private static MbpoML.Catalog.DiagnosticsCatalog Catalog() => new MLContext(seed: 1).Reinforcement().Diagnostics;

    private static DenseDataView States(int count) =>
        new DenseDataView.Builder().AddVector(
            TransitionColumns.Default.Observation, 3, [.. Enumerable.Range(0, 3 * count).Select(value => value / 10f)]).Build();

    // One layer without weights: the same distribution everywhere.
    private static PolicyTransformer Constant(float[] means, float[] logDeviations) => new(
        new ComponentContext(new MLContext(seed: 1)),
        new ActorParameters(3, BoxSpace.Uniform(means.Length, -1, 1), [new float[6 * means.Length]], [[.. means, .. logDeviations]], (-20, 2)));

    // Φ(x) - 1/2 by its integral.
    private static double NormalTo(double x)
    {
        const int Steps = 10_000;
        return Enumerable.Range(0, Steps).Sum(step => Math.Exp(-0.5 * Math.Pow((step + 0.5) * x / Steps, 2))) * x / Steps / Math.Sqrt(2 * Math.PI);
    }
}
