using MbpoML.Evaluation.Diagnostics;
using MbpoML.Tests.Fakes;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Evaluation.Diagnostics;

/// <summary>Total variation distances of what a model draws, against those that have a closed form.</summary>
public class MixtureDistanceTests
{
    private const int Rows = 4000;

    // Five standard errors of the mean over the rows, at their largest.
    private static readonly double Tolerance = 5 * 0.18 / Math.Sqrt(Rows);

    [TestCase(0.1)]
    [TestCase(1)]
    [TestCase(3)]
    public void Two_normal_distributions_of_the_same_width_are_as_far_apart_as_their_means_say(double distance)
    {
        // Along a diagonal of four dimensions.
        var measured = Measure([distance / 2, distance / 2, distance / 2, distance / 2], [0, 0, 0, 0]);
        Assert.That(measured, Is.EqualTo(2 * (Normal(distance / 2) - 0.5)).Within(Tolerance));
    }

    [Test]
    public void A_wider_distribution_around_the_same_mean_is_apart_by_its_width()
    {
        // Of N(0, I) and N(0, v I) in two dimensions the first is larger where |z|² < r² = 2 v ln v / (v - 1); D_TV = e^(-r²/2v) - e^(-r²/2), for v = 1 + 1² =
        // 2 a half less a quarter.
        Assert.That(Measure([0, 0], [1, 1]), Is.EqualTo(0.25).Within(Tolerance));
    }

    [Test]
    public void Two_members_that_disagree_are_apart_from_the_truth_though_their_mean_is_right()
    {
        const double M = 2;
        // q / p = e^(-m²/2) cosh(m z), below 1 up to z* with cosh(m z*) = e^(m²/2).
        var limit = Math.Acosh(Math.Exp(M * M / 2)) / M;
        var expected = (2 * Normal(limit)) - 1 - (Normal(limit - M) - Normal(-limit - M));
        using var scope = NewDisposeScope();
        using var distance = new MixtureDistance();
        var means = tensor(new[] { -M, M }).view(2, 1, 1).expand(2, Rows, 1);
        Assert.That(distance.Of(means, zeros(2, Rows, 1, ScalarType.Float64)).mean().item<double>(), Is.EqualTo(expected).Within(Tolerance));
    }

    // Two numbers that an integral in twelve dimensions gives: 2 Φ(d / 2) - 1 is 0.12 for both.
    [TestCase(0.3, 0.14)]
    [TestCase(0.6, 0.31)]
    public void The_models_variance_counts_where_the_error_of_its_mean_says_little(double deviation, double expected)
    {
        double[] error = [.. Enumerable.Repeat(0.3 / Math.Sqrt(12), 12)];
        Assert.That(Measure(error, [.. Enumerable.Repeat(deviation, 12)]), Is.EqualTo(expected).Within(0.005 + Tolerance));
    }

    [Test]
    public void The_draws_are_the_same_each_time_and_the_distance_is_none_of_no_number()
    {
        double[] twice = [.. Enumerable.Range(0, 2).Select(_ => Measure([0.3, 0.1], [0.2, 0.7]))];
        Assert.Multiple(() =>
        {
            Assert.That(twice[0], Is.EqualTo(twice[1]));
            Assert.That(Measure([0, 0], [0, 0]), Is.Zero.Within(1e-12));
            Assert.That(Measure([1e6, 0], [1, 1]), Is.EqualTo(1).Within(1e-9));
            Assert.That(Measure([double.NaN, 0], [1, 1]), Is.NaN);
        });
    }

    // The line's model is one member, whose reward and observation have the same width.
    [Test]
    public void A_model_error_has_the_distance_of_what_rollouts_draw_beside_that_of_the_mean()
    {
        using var environment = new LineEnvironment();
        var rl = new MLContext(seed: 1).Reinforcement();
        var transitions = rl.Data.Record(environment, Rows);
        var (sure, unsure) = (rl.Diagnostics.ModelError(new LineModel(0, noise: 0), transitions, [0.2, 0.2]),
            rl.Diagnostics.ModelError(new LineModel(0, noise: 0.2), transitions, [0.2, 0.2]));
        Assert.Multiple(() =>
        {
            Assert.That((sure.MeanTotalVariation, unsure.MeanTotalVariation), Is.EqualTo((0.0, 0.0)).Within(1e-4));
            Assert.That(sure.MixtureTotalVariation, Is.LessThan(1e-4));
            Assert.That(unsure.MixtureTotalVariation, Is.EqualTo(0.25).Within(Tolerance), "a deviation of one unit in two dimensions");
        });
    }

    private static double Measure(double[] means, double[] deviations)
    {
        using var scope = NewDisposeScope();
        using var distance = new MixtureDistance();
        Tensor Row(double[] values) => tensor(values).view(1, 1, values.Length).expand(1, Rows, values.Length);
        return distance.Of(Row(means), Row(deviations)).mean().item<double>();
    }

    // Φ(x)
    private static double Normal(double x)
    {
        using var value = tensor(x / Math.Sqrt(2), ScalarType.Float64);
        using var result = value.erf();
        return (1 + result.item<double>()) / 2;
    }
}
