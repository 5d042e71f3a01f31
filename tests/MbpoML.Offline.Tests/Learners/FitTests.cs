using MbpoML.Algorithms.Offline;
using MbpoML.Algorithms.Offline.Learners;
using MbpoML.Components;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Learners;

/// <summary>The updates of TD3+BC and IQL step along the gradients of their papers' equations, as automatic differentiation has them.</summary>
public class FitTests
{
    private static readonly ComponentContext Context = new(new MLContext(1));
    private OfflineLog _log = null!;

    [OneTimeSetUp]
    public void Record() => _log = LineLog.Read(LineLog.Of(episodes: 5, gain: 1, noise: 0.5));

    [OneTimeTearDown]
    public void Free() => _log.Dispose();

    [Test]
    public void The_actor_of_TD3BC_weighs_values_against_logged_actions()
    {
        using var scope = NewDisposeScope();
        using var fit = new Td3BcFit(Context, _log, new TD3BCTrainer.Options
        {
            HiddenSizes = [8, 8],
            BatchSize = 16,
            PolicyDelay = 1,
            StandardizeObservations = false,
            NormalizeRewards = false,
        }, seed: 1);
        using var probe = new FitProbe(_log, fit);
        var (observation, logged) = (_log.Layout.Observation(probe.Rows), _log.Layout.Action(probe.Rows) / 2);
        var expected = FitProbe.Gradient(probe.Parameters("actor"), actor =>
        {
            var action = FitProbe.Forward(FitProbe.Shape(1, 1), actor, observation).tanh();
            var value = FitProbe.Forward(FitProbe.Shape(2, 1), probe.Parameters("critics/critic-1", after: true), cat([observation, action], 1));
            var lambda = 2.5 / value.detach().abs().mean();
            return (-lambda * value.mean()) + (action - logged).pow(2).mean();
        });
        Assert.That(probe.Gradient("actor"), Is.EqualTo(expected).Within(1e-4f));
    }

    [Test]
    public void The_critics_of_TD3BC_without_target_noise_learn_the_smaller_target()
    {
        using var scope = NewDisposeScope();
        using var fit = new Td3BcFit(Context, _log, new TD3BCTrainer.Options
        {
            HiddenSizes = [8, 8],
            BatchSize = 16,
            TargetNoise = 0,
            StandardizeObservations = false,
            NormalizeRewards = false,
        }, seed: 1);
        using var probe = new FitProbe(_log, fit);
        var target = Target(probe, next => FitProbe.Forward(FitProbe.Shape(1, 1), probe.Target("actor"), next).tanh());
        Assert.That(probe.Gradient("critics/critic-2"), Is.EqualTo(CriticGradient(probe, target)).Within(1e-4f));
    }

    [Test]
    public void The_values_critics_and_actor_of_IQL_follow_its_equations()
    {
        using var scope = NewDisposeScope();
        using var fit = new IqlFit(Context, _log, new IqlTrainer.Options
        {
            HiddenSizes = [8, 8],
            BatchSize = 16,
            StandardizeObservations = false,
            NormalizeRewards = false,
        }, seed: 1);
        using var probe = new FitProbe(_log, fit);
        var (observation, logged) = (_log.Layout.Observation(probe.Rows), _log.Layout.Action(probe.Rows) / 2);
        var critic = Smaller(probe, cat([observation, logged], 1));
        Tensor Value(Tensor parameters, Tensor at) => FitProbe.Forward(FitProbe.Shape(1, 1), parameters, at).squeeze(1);

        var ofValue = FitProbe.Gradient(probe.Parameters("value"), parameters =>
        {
            var difference = critic - Value(parameters, observation);
            return ((0.7 - difference.lt(0).to(ScalarType.Float32)).abs() * difference.pow(2)).mean();
        });
        var next = Value(probe.Parameters("value"), _log.Layout.NextObservation(probe.Rows));
        var target = _log.Layout.Reward(probe.Rows) + (0.99 * (1 - _log.Layout.Terminated(probe.Rows)) * next);
        var weight = (3 * (critic - Value(probe.Parameters("value"), observation))).exp().clamp_max(100);
        var ofActor = FitProbe.Gradient(probe.Parameters("actor"), parameters =>
            (weight.unsqueeze(1) * (FitProbe.Forward(FitProbe.Shape(1, 1), parameters, observation).tanh() - logged).pow(2)).mean());
        Assert.Multiple(() =>
        {
            Assert.That(probe.Gradient("value"), Is.EqualTo(ofValue).Within(1e-4f));
            Assert.That(probe.Gradient("critics/critic-2"), Is.EqualTo(CriticGradient(probe, target)).Within(1e-4f));
            Assert.That(probe.Gradient("actor"), Is.EqualTo(ofActor).Within(1e-4f));
        });
    }

    private Tensor Target(FitProbe probe, Func<Tensor, Tensor> act)
    {
        var next = _log.Layout.NextObservation(probe.Rows);
        return _log.Layout.Reward(probe.Rows) + (0.99 * (1 - _log.Layout.Terminated(probe.Rows)) * Smaller(probe, cat([next, act(next)], 1)));
    }

    private static Tensor Smaller(FitProbe probe, Tensor input) => FitProbe.Forward(FitProbe.Shape(2, 1), probe.Target("critics/critic-1"), input)
        .minimum(FitProbe.Forward(FitProbe.Shape(2, 1), probe.Target("critics/critic-2"), input)).squeeze(1);

    private float[] CriticGradient(FitProbe probe, Tensor target) => FitProbe.Gradient(probe.Parameters("critics/critic-2"), parameters =>
    {
        var input = cat([_log.Layout.Observation(probe.Rows), _log.Layout.Action(probe.Rows) / 2], 1);
        return (FitProbe.Forward(FitProbe.Shape(2, 1), parameters, input).squeeze(1) - target).pow(2).mean();
    });
}
