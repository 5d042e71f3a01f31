using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics.Random;
using MbpoML.Tests.Training;
using Microsoft.ML;

namespace MbpoML.Tests.Algorithms.Mbpo;

/// <summary>
/// An observation that never changes, in its bounds or in fact, goes through everything that reads observations; an action that never changes is refused.
/// </summary>
[Category("Text")]
public class ConstantObservationTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void A_run_with_an_observation_of_equal_bounds_learns_and_is_diagnosed(bool standardized)
    {
        var rl = new MLContext(1).Reinforcement();
        using var environment = new WithGoal();
        var preset = SmallRuns.Preset(150);
        (preset.Policy.StandardizeObservations, preset.Dynamics.TargetNormalization, preset.Trainer.EvaluationEpisodes) = (standardized, standardized, 1);
        var report = rl.Mbpo(environment, preset).Train();
        using var policy = report.Policy;
        Assert.That(report.History.SelectMany(epoch => epoch.Values.Values), Has.All.Matches<double>(double.IsFinite));
        Assert.That(policy.Act([0.3f, 0.5f]), Has.All.Matches<float>(float.IsFinite));

        var data = rl.Data.Record(environment, 200, seed: 2);
        Assert.That(rl.Data.Read(data).Layout, Is.EqualTo(new TransitionLayout(2, 1)));
        using var dynamics = rl.Dynamics.ProbabilisticEnsemble(
            new ProbabilisticEnsembleTrainer.Options { HiddenSizes = [16], MaxEpochs = 3, TargetNormalization = standardized }).Fit(data);
        var fan = rl.Diagnostics.Fan(dynamics.Model, environment, policy, steps: 10, samples: 5);
        Assert.That(fan.Observations[1].Actual, Has.All.EqualTo(0.5));
        Assert.That(double.IsFinite(rl.Evaluate(policy, environment, episodes: 2).MeanReturn));
    }

    [Test]
    public void Sampling_an_observation_of_equal_bounds_gives_that_value()
    {
        var value = new double[2];
        new BoxSpace([-2, 0.5], [2, 0.5]).Sample(new RandomSource(1), value);
        Assert.That(value[1], Is.EqualTo(0.5));
        Assert.That(BoxSpace.Uniform(1, 3, 3).IsBounded);
    }

    [Test]
    public void An_action_of_equal_bounds_is_refused_with_what_to_do_wherever_an_environment_is_taken()
    {
        var rl = new MLContext(1).Reinforcement();
        using var environment = new WithGoal { ActionSpace = new BoxSpace([-1, 0.25], [1, 0.25]) };
        static NUnit.Framework.Constraints.IResolveConstraint Refused() =>
            Throws.ArgumentException.With.Message.Contains("Dimension 1 of WithGoal.ActionSpace has the bounds [0.25, 0.25]")
                .And.Message.Contains("Leave that action out");
        Assert.Multiple(() =>
        {
            Assert.That(() => rl.Mbpo(environment, SmallRuns.Preset(100)), Refused());
            Assert.That(() => environment.WithRescaledActions(), Refused());
            Assert.That(() => environment.WithChecks(), Refused());
            Assert.That(() => rl.Data.Record(environment, 10), Refused());
        });
    }

    [TestCase(-1e300, 1e300, "too far apart for float32")]
    [TestCase(0, 1e39, "too far apart for float32")]
    [TestCase(1e9, 1e9 + 1, "too near each other for float32, which holds steps of 64 there")]
    [TestCase(0, 1e-44, "too near")]
    public void Bounds_of_actions_that_float32_cannot_hold_are_refused_before_a_step(double low, double high, string why)
    {
        using var environment = new WithGoal { ActionSpace = new BoxSpace([-1, low], [1, high]) };
        var fault = Assert.Throws<ArgumentException>(() => new MLContext(1).Reinforcement().Mbpo(environment, SmallRuns.Preset(100)))!;
        Assert.That(fault.ParamName, Is.EqualTo("environment"));
        Assert.That(fault.Message, Does.Contain("Dimension 1 of the action space").And.Contain(why).And.Contain("WithRescaledActions()"));
        Assert.That(environment.Calls, Is.Zero);
    }

    private sealed class WithGoal : IEnvironment
    {
        private double _place;
        private int _step;

        public BoxSpace ObservationSpace { get; } = new([-2, 0.5], [2, 0.5]);

        public BoxSpace ActionSpace { get; init; } = BoxSpace.Uniform(1, -1, 1);

        public int Calls { get; private set; }

        public void Reset(int seed, Span<double> observation)
        {
            Calls++;
            (_place, _step) = (new RandomSource(seed).NextUniform(-1, 1), 0);
            (observation[0], observation[1]) = (_place, 0.5);
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            _place = Math.Clamp(_place + (0.1 * action[0]), -2, 2);
            (observation[0], observation[1]) = (_place, 0.5);
            return new StepResult(-Math.Abs(_place - 0.5), false, ++_step >= 25);
        }
    }
}
