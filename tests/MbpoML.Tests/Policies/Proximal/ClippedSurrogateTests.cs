using MbpoML.Policies.OnPolicy;
using MbpoML.Policies.Proximal;
using MbpoML.Tests.Policies.OnPolicy;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.Proximal;

public class ClippedSurrogateTests
{
    private const double Clip = 0.2;
    private static readonly GaussianPolicy Policy = new(3, [7, 5], 2);

    // Of a policy that has moved some rows are clipped on both sides.
    [TestCase(0)]
    [TestCase(0.05)]
    public void The_gradient_by_hand_is_that_of_automatic_differentiation(double entropy)
    {
        using var scope = NewDisposeScope();
        var (parameters, observations) = GaussianPolicyTests.Draw(1);
        var actions = randn(40, 2, generator: new Generator(2));
        var advantages = randn(40, generator: new Generator(3));
        var old = Log(parameters + (randn(Policy.ParameterCount, generator: new Generator(4)) * 0.05), observations, actions).detach();
        var tracked = parameters.clone().requires_grad_(true);
        var ratio = (Log(tracked, observations, actions) - old).exp();
        var smaller = min(ratio * advantages, ratio.clamp(1 - Clip, 1 + Clip) * advantages);
        var loss = -smaller.mean() - (entropy * Policy.LogDeviation(tracked).sum());
        var expected = autograd.grad([loss], [tracked])[0];
        var (actual, isClipped) = ClippedSurrogate.Differentiate(Policy, parameters, observations, actions, advantages, old, Clip, entropy);
        Assert.That((actual - expected).abs().max().item<float>(), Is.LessThan(1e-5 * expected.abs().max().item<float>()));
        var clipped = isClipped.logical_and(advantages > 0).sum().item<long>();
        Assert.That(clipped, Is.InRange(1, 39), "good rows that are clipped");
        Assert.That(isClipped.sum().item<long>() - clipped, Is.InRange(1, 39), "bad rows that are clipped");
    }

    private static Tensor Log(Tensor parameters, Tensor observations, Tensor actions)
    {
        var shape = Policy.Mean.Shape;
        var mean = shape.Forward(parameters.narrow(0, 0, shape.ParameterCount).unsqueeze(0), observations.unsqueeze(0)).squeeze(0);
        return GaussianPolicy.LogProbability(mean, Policy.LogDeviation(parameters), actions);
    }
}
