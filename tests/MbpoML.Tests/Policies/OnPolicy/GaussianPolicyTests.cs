using MbpoML.Policies.OnPolicy;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.OnPolicy;

public class GaussianPolicyTests
{
    private static readonly GaussianPolicy Policy = new(3, [7, 5], 2);

    [Test]
    public void The_gradient_by_hand_is_that_of_automatic_differentiation()
    {
        using var scope = NewDisposeScope();
        var (parameters, observations) = Draw(1);
        var actions = randn(40, 2, generator: new Generator(2));
        var weights = randn(40, generator: new Generator(3));
        var tracked = parameters.clone().requires_grad_(true);
        var log = GaussianPolicy.LogProbability(MeanOf(tracked, observations), Policy.LogDeviation(tracked), actions);
        var expected = autograd.grad([(log * weights).sum()], [tracked])[0];
        var actual = Policy.Gradient(parameters, Policy.Mean.Forward(parameters, observations), actions, weights);
        Assert.That((actual - expected).abs().max().item<float>(), Is.LessThan(1e-4 * expected.abs().max().item<float>()));
        Assert.That(expected.abs().min().item<float>(), Is.GreaterThan(0));
    }

    [Test]
    public void Log_probabilities_differ_as_those_of_normal_distributions_do()
    {
        using var scope = NewDisposeScope();
        var log = GaussianPolicy.LogProbability(tensor((float[])[1, 0, 0, 0]).view(2, 2), tensor((float[])[0, MathF.Log(2)]), ones(2, 2));
        double Density(double value, double mean, double deviation) => Math.Exp(-0.5 * Math.Pow((value - mean) / deviation, 2)) / deviation;
        var values = EpisodeSamples.Floats(log).Select(value => Math.Exp(value)).ToArray();
        Assert.That(values, Is.EqualTo((double[])[Density(1, 1, 1) * Density(1, 0, 2), Density(1, 0, 1) * Density(1, 0, 2)]).Within(1e-6));
    }

    [Test]
    public void The_divergence_is_the_expected_difference_of_the_log_probabilities()
    {
        using var scope = NewDisposeScope();
        var (mean, log) = (tensor((float[])[0.3f, -0.2f]).view(1, 2), tensor((float[])[-0.5f, 0.1f]));
        var (newMean, newLog) = (tensor((float[])[0.5f, 0.1f]).view(1, 2), tensor((float[])[-0.2f, 0.3f]));
        var drawn = mean + (log.exp() * randn(400_000, 2, generator: new Generator(1)));
        var difference = GaussianPolicy.LogProbability(mean, log, drawn) - GaussianPolicy.LogProbability(newMean, newLog, drawn);
        Assert.That(GaussianPolicy.Divergence(mean, log, newMean, newLog), Is.EqualTo(difference.mean().item<float>()).Within(0.003));
        Assert.That(GaussianPolicy.Divergence(mean, log, mean, log), Is.Zero.Within(1e-12));
    }

    /// <summary>Numbers of a policy, and observations for it.</summary>
    internal static (Tensor Parameters, Tensor Observations) Draw(int seed)
    {
        using var generator = new Generator((ulong)seed);
        return (randn(Policy.ParameterCount, generator: generator) * 0.4, randn(40, 3, generator: generator));
    }

    private static Tensor MeanOf(Tensor parameters, Tensor observations)
    {
        var shape = Policy.Mean.Shape;
        return shape.Forward(parameters.narrow(0, 0, shape.ParameterCount).unsqueeze(0), observations.unsqueeze(0)).squeeze(0);
    }
}
