using MbpoML.Policies.SoftActorCritic;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

public class SquashedGaussianTests
{
    private const int Points = 20_000;

    [TestCase(0.0, -1.0)]
    [TestCase(0.7, 0.0)]
    [TestCase(-1.5, 0.5)]
    [TestCase(0.2, -3.0)]
    public void Density_integrates_to_one_over_the_action(double mean, double logStandardDeviation)
    {
        var (_, logProbability) = OnGrid(mean, logStandardDeviation);
        Assert.That(logProbability.Sum(value => Math.Exp(value) * 2 / Points), Is.EqualTo(1).Within(2e-3));
    }

    [TestCase(0.0, -1.0)]
    [TestCase(0.7, 0.0)]
    [TestCase(-1.5, 0.5)]
    public void Mean_log_probability_of_draws_equals_the_integral(double mean, double logStandardDeviation)
    {
        var (_, grid) = OnGrid(mean, logStandardDeviation);
        var integral = grid.Sum(value => Math.Exp(value) * value * 2 / Points);
        using var generator = new Generator(5);
        using var noise = randn(400_000, 1, generator: generator);
        using var head = tensor(new[] { (float)mean, (float)logStandardDeviation });
        Assert.That(SquashedGaussian.Sample(head, noise).LogProbability.mean().item<float>(), Is.EqualTo(integral).Within(0.01));
    }

    [TestCase(0f)]
    [TestCase(3f)]
    [TestCase(-12f)]
    [TestCase(60f)]
    [TestCase(-500f)]
    public void Log_derivative_of_tanh_holds_far_out(float preTanh)
    {
        // log(1 / cosh²(u)) = -2 log cosh u, and log cosh u = |u| - log 2 + log(1 + e^-2|u|).
        var expected = -2 * (Math.Abs(preTanh) - Math.Log(2) + Math.Log(1 + Math.Exp(-2 * Math.Abs(preTanh))));
        using var point = tensor(preTanh);
        Assert.That(SquashedGaussian.LogDerivativeOfTanh(point).item<float>(), Is.EqualTo(expected).Within(1e-5 * Math.Max(1, Math.Abs(expected))));
    }

    [Test]
    public void Standard_deviation_is_clipped()
    {
        using var head = tensor(new[] { 0.1f, 50f });
        using var noise = tensor(new[] { 0.05f });
        Assert.That(SquashedGaussian.Sample(head, noise).Action.item<float>(), Is.EqualTo(Math.Tanh(0.1 + (0.05 * Math.Exp(2)))).Within(1e-6));
    }

    // log π at the midpoints of equal cells of (-1, 1): the noise that leads there is (atanh(a) - mean) / std.
    private static (double[] Action, double[] LogProbability) OnGrid(double mean, double logStandardDeviation)
    {
        var actions = Enumerable.Range(0, Points).Select(index => -1 + ((2 * index) + 1.0) / Points).ToArray();
        using var head = tensor(new[] { (float)mean, (float)logStandardDeviation });
        using var noise = tensor(actions.Select(action => (float)((Math.Atanh(action) - mean) / Math.Exp(logStandardDeviation))).ToArray()).unsqueeze(1);
        return (actions, [.. SquashedGaussian.Sample(head, noise).LogProbability.data<float>().Select(value => (double)value)]);
    }
}
