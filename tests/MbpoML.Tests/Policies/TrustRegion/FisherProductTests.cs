using MbpoML.Policies.OnPolicy;
using MbpoML.Policies.TrustRegion;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.TrustRegion;

public class FisherProductTests
{
    private static readonly GaussianPolicy Policy = new(3, [7, 5], 2);

    [Test]
    public void A_product_is_that_of_double_backward_through_the_divergence()
    {
        using var scope = NewDisposeScope();
        var (parameters, observations, direction) = Draw();
        var tracked = parameters.clone().requires_grad_(true);
        var gradient = autograd.grad([Divergence(parameters, tracked, observations)], [tracked], retain_graph: true, create_graph: true)[0];
        var expected = autograd.grad([(gradient * direction).sum()], [tracked])[0];
        var actual = new FisherProduct(Policy, parameters, observations).Apply(direction);
        Assert.That((actual - expected).abs().max().item<float>(), Is.LessThan(1e-5 * expected.abs().max().item<float>()));
    }

    [Test]
    public void A_product_is_the_finite_difference_of_the_gradient_of_the_divergence()
    {
        using var scope = NewDisposeScope();
        var (parameters, observations, direction) = Draw();
        const double step = 1e-3;
        var (exact, states) = (parameters.to(float64), observations.to(float64));
        var difference = (Gradient(exact + (step * direction)) - Gradient(exact - (step * direction))) / (2 * step);
        var actual = new FisherProduct(Policy, parameters, observations).Apply(direction);
        Assert.That((actual - difference).abs().max().item<double>(), Is.LessThan(1e-4 * difference.abs().max().item<double>()));

        Tensor Gradient(Tensor at)
        {
            var tracked = at.clone().detach().requires_grad_(true);
            return autograd.grad([Divergence(exact, tracked, states)], [tracked])[0];
        }
    }

    [Test]
    public void The_divergence_of_a_small_step_is_half_its_square_in_the_Fisher_matrix()
    {
        using var scope = NewDisposeScope();
        var (parameters, observations, direction) = Draw();
        var small = direction * 1e-2;
        var expected = 0.5 * (new FisherProduct(Policy, parameters, observations).Apply(small) * small).sum().item<float>();
        var moved = parameters + small;
        var actual = GaussianPolicy.Divergence(
            Policy.Mean.Forward(parameters, observations)[^1], Policy.LogDeviation(parameters), Policy.Mean.Forward(moved, observations)[^1],
            Policy.LogDeviation(moved));
        Assert.That(actual, Is.EqualTo(expected).Within(5).Percent);
    }

    private static (Tensor Parameters, Tensor Observations, Tensor Direction) Draw()
    {
        using var generator = new Generator(1);
        return (randn(Policy.ParameterCount, generator: generator) * 0.4, randn(40, 3, generator: generator),
            randn(Policy.ParameterCount, generator: generator));
    }

    private static Tensor Divergence(Tensor old, Tensor parameters, Tensor observations)
    {
        var (mean, newMean) = (MeanOf(old, observations).detach(), MeanOf(parameters, observations));
        var (log, newLog) = (Policy.LogDeviation(old).detach(), Policy.LogDeviation(parameters));
        return ((newLog - log) + (((2 * log).exp() + (mean - newMean).square()) / (2 * (2 * newLog).exp())) - 0.5).sum(-1).mean();
    }

    private static Tensor MeanOf(Tensor parameters, Tensor observations)
    {
        var shape = Policy.Mean.Shape;
        return shape.Forward(parameters.narrow(0, 0, shape.ParameterCount).unsqueeze(0), observations.unsqueeze(0)).squeeze(0);
    }
}
