using MbpoML.Catalog;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics.Random;
using MbpoML.Tests.Fakes;
using Microsoft.ML;
using static TorchSharp.torch;

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
    public void A_model_that_has_the_noise_of_the_environment_is_as_unsure_as_it_is_wrong()
    {
        const double Noise = 0.05;
        using var noisy = new DriftingEnvironment(Noise);
        var measured = _diagnostics.GrowthOfError(new LineModel(error: 0, Noise), noisy, Policy, horizon: 5, starts: 800, samples: 20);
        Assert.That(measured.Starts, Is.EqualTo(800));
        for (var step = 0; step < 5; step++)
        {
            Assert.That(measured.Spread[step] / measured.Spread[0], Is.EqualTo(Math.Sqrt(step + 1)).Within(0.03 * Math.Sqrt(step + 1)),
                "both are random walks");
            Assert.That(measured.Error[step], Is.EqualTo(measured.Spread[step]).Within(0.1 * measured.Spread[step]),
                "50 episodes, whose noise each start of them shares");
        }
    }

    [Test]
    public void A_model_that_knows_less_than_it_could_has_a_spread_without_an_error()
    {
        const double Noise = 0.05;
        var measured = _diagnostics.GrowthOfError(new LineModel(error: 0, Noise), _environment, Policy, horizon: 15, starts: 150, samples: 20);
        for (var step = 0; step < 15; step++)
        {
            Assert.That(measured.Spread[step] / measured.Spread[0], Is.EqualTo(Math.Sqrt(step + 1)).Within(0.05 * Math.Sqrt(step + 1)));
            Assert.That(measured.Error[step], Is.LessThan(0.15 * measured.Spread[step]),
                "what the mean of 20 samples strays, a 4.5th of the spread, is no error");
        }
    }

    [Test]
    public void A_model_that_is_wrong_without_knowing_has_an_error_without_a_spread()
    {
        var measured = _diagnostics.GrowthOfError(new LineModel(error: 0.02, noise: 0), _environment, Policy, horizon: 15, starts: 150, samples: 5);
        Assert.That(measured.Spread, Has.All.LessThan(1e-6));
        for (var step = 0; step < 15; step++) Assert.That(measured.Error[step] / measured.Error[0], Is.EqualTo(step + 1).Within(1e-3));
        Assert.That((measured.StepsWithin(1.001 * measured.Error[4]), measured.StepsWithin(measured.Error[0] / 2)), Is.EqualTo((5, 0)));
    }

    [Test]
    public void Error_and_spread_are_in_standard_deviations_of_the_states_and_1_where_they_tell_nothing_of_the_truth()
    {
        // States are even in [-1, 1] at every step, of the environment and, drawn anew, of the model: whatever is imagined tells nothing.
        using var random = new RandomEnvironment();
        var measured = _diagnostics.GrowthOfError(new RandomModel(), random, Policy, horizon: 3, starts: 800, samples: 20);
        Assert.That(measured.Error.Concat(measured.Spread), Has.All.EqualTo(1).Within(0.05));
    }

    // Pushed outwards, the line's episodes terminate after some steps; held in the middle, the clock ends them after 20.
    [Test]
    public void The_share_of_usable_places_tells_of_the_survivors()
    {
        const int Horizon = 3;
        var held = _diagnostics.GrowthOfError(new LineModel(0, 0), _environment, new NoisyPolicy(1, 1, gain: -0.5f, noise: 0), Horizon, starts: 50, samples: 2);
        var falling = _diagnostics.GrowthOfError(new LineModel(0, 0), _environment, new NoisyPolicy(1, 1, gain: 2, noise: 0), Horizon, starts: 50, samples: 2);
        Assert.Multiple(() =>
        {
            Assert.That(held.UsableShare, Is.EqualTo(18 / 20.0), "of each 20 steps the last two have no three after them");
            Assert.That(held.TerminatedShare, Is.Zero, "the clock is no fall");
            Assert.That(falling.TerminatedShare, Is.EqualTo(1 - falling.UsableShare).Within(1e-12).And.GreaterThan(0.2), "what is missing lies before a fall");
            Assert.That(falling.UsableShare, Is.GreaterThan(0));
        });
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
        Assert.That(returns.Imagined, Has.Count.EqualTo(3)
            .And.All.Matches<IReadOnlyList<double>>(rollout => rollout.Zip(returns.Actual, (one, other) => Math.Abs(one - other)).Max() < 1e-4));
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
    public void Imagined_rollouts_are_judged_by_the_functions_that_are_given()
    {
        var policy = new NoisyPolicy(1, 1, gain: -0.5f, noise: 0);
        var returns = _diagnostics.Returns(
            new LineModel(0, 0), _environment, policy, horizon: 15, samples: 2, termination: TerminationFunction.FromRow((_, _, _) => true),
            reward: RewardFunction.FromRow((_, _, _) => 7));
        Assert.That(returns.Imagined.SelectMany(rollout => rollout), Has.All.EqualTo(7), "the first step ends the task, and earns 7");
        Assert.That(returns.Actual, Has.Count.EqualTo(15).And.All.LessThan(15), "the environment is what it is");
    }

    [Test]
    public void Sizes_that_differ_are_named()
    {
        var wide = new NoisyPolicy(2, 1, 0, 0);
        Assert.That(() => _diagnostics.Fan(new AdditiveModel(2), _environment, Policy), Throws.ArgumentException.With.Property("ParamName").EqualTo("model"));
        Assert.That(() => _diagnostics.Fan(new LineModel(0, 0), _environment, wide), Throws.ArgumentException.With.Property("ParamName").EqualTo("policy"));
        Assert.That(() => _diagnostics.Returns(new LineModel(0, 0), _environment, Policy, samples: 1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("samples"));
    }

    /// <summary>The line, pushed by noise at every step, of which the policy takes note.</summary>
    private sealed class DriftingEnvironment(double noise) : IEnvironment
    {
        private RandomSource _random = new(0);
        private double _x;
        private int _step;

        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -2, 2);

        public void Reset(int seed, Span<double> observation)
        {
            (_random, _step) = (new RandomSource(seed), 0);
            observation[0] = _x = _random.NextUniform(-1, 1);
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            observation[0] = _x += (0.3 * Math.Clamp(action[0], -2, 2)) + (noise * _random.NextNormal());
            return new StepResult(0, Terminated: false, Truncated: ++_step >= LineEnvironment.EpisodeLength);
        }

        public void Dispose()
        {
        }
    }

    /// <summary>A state that is drawn anew at every step.</summary>
    private sealed class RandomEnvironment : IEnvironment
    {
        private RandomSource _random = new(0);
        private int _step;

        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -2, 2);

        public void Reset(int seed, Span<double> observation)
        {
            (_random, _step) = (new RandomSource(seed), 0);
            observation[0] = _random.NextUniform(-1, 1);
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            observation[0] = _random.NextUniform(-1, 1);
            return new StepResult(0, Terminated: false, Truncated: ++_step >= 100);
        }

        public void Dispose()
        {
        }
    }

    /// <summary>A model that draws its states as <see cref="RandomEnvironment"/> does.</summary>
    private sealed class RandomModel : IDynamicsModel
    {
        public TransitionLayout Layout { get; } = new(1, 1);

        public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator) =>
            new((rand(observation.shape, generator: generator) * 2) - 1, zeros(observation.shape[0]));
    }

    /// <summary>A wrapper that does not tell when the task ends.</summary>
    private sealed class EndlessEnvironment(IEnvironment inner) : EnvironmentWrapper(inner)
    {
        public override ITerminationFunction? Termination => null;
    }

    /// <summary>A model in which nothing ever moves from zero.</summary>
    private sealed class HoldingModel : IDynamicsModel
    {
        public TransitionLayout Layout { get; } = new(1, 1);

        public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator) => new(zeros_like(observation), ones(observation.shape[0]));
    }
}
