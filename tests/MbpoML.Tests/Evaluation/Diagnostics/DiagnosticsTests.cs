using MbpoML.Environments;
using MbpoML.Evaluation;
using MbpoML.Tests.Fakes;
using Microsoft.ML;

namespace MbpoML.Tests.Evaluation.Diagnostics;

/// <summary>On a line whose model has an error and a noise of known size, so that every measured number can be told beforehand.</summary>
public class DiagnosticsTests
{
    private static readonly NoisyPolicy Policy = new(1, 1, gain: -0.5f, noise: 0.3f);

    private LineEnvironment _environment = null!;
    private DiagnosticsCatalog _diagnostics = null!;

    [SetUp]
    public void Make() => (_environment, _diagnostics) = (new LineEnvironment(), new MLContext(seed: 1).Reinforcement().Diagnostics);

    [TearDown]
    public void Dispose() => _environment.Dispose();

    [Test]
    public void The_fan_of_a_perfect_model_is_the_episode()
    {
        var fan = _diagnostics.Fan(new LineModel(error: 0, noise: 0), _environment, Policy, steps: 50, samples: 10);
        Assert.Multiple(() =>
        {
            Assert.That(fan.Steps, Is.EqualTo(LineEnvironment.EpisodeLength), "the episode ends before 50 steps");
            Assert.That(fan.Observations.Single().Actual, Has.Count.EqualTo(fan.Steps + 1));
            Assert.That(Enumerable.Range(0, fan.Steps + 1).Max(fan.ErrorAt), Is.LessThan(1e-5));
            Assert.That(fan.Observations[0].StandardDeviation.Concat(fan.Reward.StandardDeviation), Has.All.LessThan(1e-6));
            Assert.That(fan.Reward.Mean.Zip(fan.Reward.Actual, (mean, actual) => Math.Abs(mean - actual)), Has.All.LessThan(1e-5));
        });
    }

    [Test]
    public void The_fan_widens_with_the_root_of_time_and_drifts_by_the_error_of_each_step()
    {
        const double Error = 0.02, Noise = 0.05;
        var fan = _diagnostics.Fan(new LineModel(Error, Noise), _environment, Policy, samples: 4000);
        var line = fan.Observations.Single();
        for (var step = 1; step <= fan.Steps; step++)
        {
            var width = Noise * Math.Sqrt(step);
            Assert.That(line.StandardDeviation[step], Is.EqualTo(width).Within(0.06 * width), "sampling error of 4000 replays");
            Assert.That(line.Mean[step] - line.Actual[step], Is.EqualTo(step * Error).Within(5 * width / Math.Sqrt(4000)));
        }

        // The drift grows with time, the width with its root: it leaves the width after (noise / error)² = 6 steps.
        Assert.That((fan.CoverageAt(2), fan.CoverageAt(12)), Is.EqualTo((1.0, 0.0)));
        Assert.That(fan.ErrorAt(10), Is.EqualTo(Math.Abs(line.Mean[10] - line.Actual[10]) / line.Scale).Within(1e-12));
    }

    [Test]
    public void The_error_grows_with_the_horizon_as_a_random_walk_does()
    {
        const double Noise = 0.05;
        var measured = _diagnostics.GrowthOfError(new LineModel(error: 0, Noise), _environment, Policy, horizon: 15, starts: 150, samples: 20);
        Assert.That(measured.Starts, Is.EqualTo(150));
        for (var step = 1; step < 15; step++)
        {
            Assert.That(measured.Error[step] / measured.Error[0], Is.EqualTo(Math.Sqrt(step + 1)).Within(0.1 * Math.Sqrt(step + 1)));
            Assert.That(measured.Spread[step], Is.EqualTo(measured.Error[step] * Math.Sqrt(19 / 20.0)).Within(0.03 * measured.Error[step]), "it is as unsure as it is wrong; one of 20 samples is the mean's");
        }

        Assert.That(measured.StepsWithin(measured.Error[4]), Is.EqualTo(5));
        Assert.That(measured.StepsWithin(measured.Error[0] / 2), Is.Zero);
    }

    [Test]
    public void A_horizon_that_no_episode_has_is_said() =>
        Assert.That(
            () => _diagnostics.GrowthOfError(new LineModel(0, 0), _environment, Policy, horizon: LineEnvironment.EpisodeLength + 1),
            Throws.ArgumentException.With.Message.Contains("the longest had 20").And.Property("ParamName").EqualTo("horizon"));

    [Test]
    public void A_perfect_model_promises_what_the_environment_gives()
    {
        var policy = new NoisyPolicy(1, 1, gain: -0.5f, noise: 0);
        var returns = _diagnostics.Returns(new LineModel(0, 0), _environment, policy, horizon: 15, samples: 3);
        Assert.That(returns.Actual, Has.Count.EqualTo(15));
        Assert.That(returns.Imagined, Has.Count.EqualTo(3).And.All.Matches<IReadOnlyList<double>>(rollout => rollout.Zip(returns.Actual, (one, other) => Math.Abs(one - other)).Max() < 1e-4));
        Assert.That(returns.Excess, Is.EqualTo(0).Within(1e-4));
    }

    [Test]
    public void A_model_in_which_the_task_never_fails_promises_too_much()
    {
        // Pushed to the edge, the real task ends after some steps; the model pulls back by its error of every step.
        var reckless = new NoisyPolicy(1, 1, gain: 2, noise: 0);
        var returns = _diagnostics.Returns(new LineModel(error: 0, noise: 0), _environment, reckless, horizon: 40, samples: 2);
        Assert.That(returns.TerminatedInEnvironment);
        Assert.That(returns.Excess, Is.EqualTo(0).Within(1e-4), "the termination function ends imagined rollouts, too, and they stay where they were");
        var endless = new EndlessEnvironment(_environment);
        var promised = _diagnostics.Returns(new HoldingModel(), endless, reckless, horizon: 40, samples: 2);
        Assert.That(promised.TerminatedInEnvironment);
        Assert.That(promised.Excess, Is.GreaterThan(5));
    }

    [Test]
    public void Sizes_that_differ_are_named()
    {
        var wide = new NoisyPolicy(2, 1, 0, 0);
        Assert.That(() => _diagnostics.Fan(new AdditiveModel(2), _environment, Policy), Throws.ArgumentException.With.Property("ParamName").EqualTo("model"));
        Assert.That(() => _diagnostics.Fan(new LineModel(0, 0), _environment, wide), Throws.ArgumentException.With.Property("ParamName").EqualTo("policy"));
        Assert.That(() => _diagnostics.Returns(new LineModel(0, 0), _environment, Policy, samples: 1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("samples"));
    }

    /// <summary>A wrapper that does not tell when the task ends.</summary>
    private sealed class EndlessEnvironment(IEnvironment inner) : EnvironmentWrapper(inner)
    {
        public override ITerminationFunction? Termination => null;
    }

    /// <summary>A model in which nothing ever moves from zero.</summary>
    private sealed class HoldingModel : MbpoML.Dynamics.IDynamicsModel
    {
        public MbpoML.Data.TransitionLayout Layout { get; } = new(1, 1);

        public MbpoML.Dynamics.DynamicsSample Sample(TorchSharp.torch.Tensor observation, TorchSharp.torch.Tensor action, TorchSharp.torch.Generator generator) =>
            new(TorchSharp.torch.zeros_like(observation), TorchSharp.torch.ones(observation.shape[0]));
    }
}
