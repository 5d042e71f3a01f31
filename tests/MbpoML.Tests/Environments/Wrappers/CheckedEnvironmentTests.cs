using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Tests.Environments.Wrappers;

[Category("Text")]
public class CheckedEnvironmentTests
{
    private readonly double[] _observation = new double[2];

    [Test]
    public void Passes_values_through_also_actions_outside_the_bounds()
    {
        var inner = new ScriptedEnvironment();
        using var environment = inner.WithChecks();
        environment.Reset(9, _observation);
        Assert.That(_observation, Is.EqualTo(new double[] { 9, 0 }));
        Assert.That(environment.Step([77], _observation), Is.EqualTo(new StepResult(1, false)));
        Assert.That(_observation, Is.EqualTo(new double[] { 9, 1 }));
        Assert.That(inner.LastAction, Is.EqualTo(77));
        Assert.That(environment.WithChecks(), Is.SameAs(environment), "nothing is checked twice");
    }

    [Test]
    public void Step_before_reset_is_refused()
    {
        using var environment = new ScriptedEnvironment().WithChecks();
        Assert.That(() => environment.Step([0], _observation), Throws.InvalidOperationException.With.Message.Contains("call Reset"));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(true, true)]
    public void Step_after_the_end_is_refused_until_reset(bool terminated, bool truncated)
    {
        var inner = new ScriptedEnvironment { Result = step => new StepResult(0, terminated && step == 2, truncated && step == 2) };
        using var environment = inner.WithChecks();
        environment.Reset(1, _observation);
        environment.Step([0], _observation);
        Assert.That(environment.Step([0], _observation), Is.EqualTo(new StepResult(0, terminated, truncated && !terminated)));
        Assert.That(() => environment.Step([0], _observation), Throws.InvalidOperationException.With.Message.Contains("Episode 1 ended at step 2"));
        environment.Reset(2, _observation);
        Assert.That(() => environment.Step([0], _observation), Throws.Nothing);
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void An_action_that_is_not_finite_is_the_callers_fault(double value)
    {
        using var environment = new ScriptedEnvironment().WithChecks();
        environment.Reset(1, _observation);
        Assert.That(() => environment.Step([value], _observation),
            Throws.ArgumentException.With.Message.Contains(FormattableString.Invariant($"Episode 1, step 1: dimension 0 of the action is {value}")));
        Assert.That(() => environment.Step([0], _observation), Throws.Nothing, "nothing was stepped, so the episode goes on");
    }

    [Test]
    public void Wrong_lengths_are_refused()
    {
        using var environment = new ScriptedEnvironment().WithChecks();
        Assert.That(() => environment.Reset(1, new double[3]),
            Throws.ArgumentException.With.Message.Contains("observation has 3 elements, but 2 are expected"));
        environment.Reset(1, _observation);
        Assert.That(() => environment.Step([0, 0], _observation), Throws.ArgumentException.With.Message.Contains("action has 2 elements, but 1 are expected"));
        Assert.That(() => environment.Step([0], new double[1]), Throws.ArgumentException.With.Message.Contains("observation has 1 elements"));
    }

    [TestCase(double.NaN)]
    [TestCase(double.NegativeInfinity)]
    [TestCase(1e300)]
    public void An_observation_that_is_not_finite_is_the_environments_fault(double value)
    {
        var inner = new ScriptedEnvironment { SecondObservation = step => step == 3 ? value : 0 };
        using var environment = inner.WithChecks();
        environment.Reset(1, _observation);
        environment.Reset(1, _observation);
        environment.Step([0], _observation);
        environment.Step([0], _observation);
        var error = Assert.Throws<EnvironmentException>(() => environment.Step([0], _observation));
        Assert.That((error.Episode, error.Step), Is.EqualTo((2, 3)));
        Assert.That(error.Message,
            Does.Contain(FormattableString.Invariant($"ScriptedEnvironment, episode 2, step 3: dimension 1 of the observation is {value}")));
        Assert.That(() => environment.Step([0], _observation), Throws.InvalidOperationException, "the episode is over");
    }

    [Test]
    public void An_observation_that_is_not_written_is_found()
    {
        var inner = new ScriptedEnvironment { WritesNothing = true };
        using var environment = inner.WithChecks();
        var error = Assert.Throws<EnvironmentException>(() => environment.Reset(1, _observation));
        Assert.That(error.Message, Does.Contain("episode 1, reset: dimension 0 of the observation is NaN, but must be written"));
        Assert.That(() => environment.Step([0], _observation), Throws.InvalidOperationException);
    }

    [Test]
    public void A_reward_that_is_not_finite_is_the_environments_fault()
    {
        using var environment = new ScriptedEnvironment { Result = _ => new StepResult(double.NaN, false) }.WithChecks();
        environment.Reset(1, _observation);
        Assert.That(() => environment.Step([0], _observation), Throws.TypeOf<EnvironmentException>().With.Message.Contains("step 1: the reward is NaN"));
    }

    [Test]
    public void What_the_environment_throws_is_said_with_episode_and_step()
    {
        var inner = new ScriptedEnvironment { Result = step => step == 2 ? throw new FormatException("bad sensor") : new StepResult(0, false) };
        using var environment = inner.WithChecks();
        environment.Reset(1, _observation);
        environment.Step([0], _observation);
        var error = Assert.Throws<EnvironmentException>(() => environment.Step([0], _observation));
        Assert.That((error.Episode, error.Step), Is.EqualTo((1, 2)));
        Assert.That(error.Message, Does.Contain("ScriptedEnvironment, episode 1, step 2: it threw FormatException: bad sensor"));
        Assert.That(error.InnerException, Is.TypeOf<FormatException>());
        inner.SecondObservation = _ => throw new FormatException("no start");
        Assert.That(() => environment.Reset(1, _observation),
            Throws.TypeOf<EnvironmentException>().With.Message.Contains("episode 2, reset: it threw FormatException: no start"));
    }

    [Test]
    public void A_cancellation_inside_the_environment_is_a_fault_as_any_other()
    {
        using var environment = new ScriptedEnvironment { Result = _ => throw new OperationCanceledException("too late") }.WithChecks();
        environment.Reset(1, _observation);
        Assert.That(
            () => environment.Step([0], _observation),
            Throws.TypeOf<EnvironmentException>().With.InnerException.TypeOf<OperationCanceledException>()
                .And.Message.Contains("episode 1, step 1: it threw OperationCanceledException: too late"));
    }

    [Test]
    public void A_missing_space_is_refused()
    {
        var inner = new ScriptedEnvironment { ActionSpace = null! };
        Assert.That(() => inner.WithChecks(), Throws.ArgumentException.With.Message.Contains("ScriptedEnvironment.ActionSpace is null"));
    }

    [Test]
    public void Disposes_the_inner_environment_once_and_refuses_calls_after()
    {
        var inner = new ScriptedEnvironment();
        var environment = inner.WithChecks();
        environment.Dispose();
        environment.Dispose();
        Assert.That(inner.Disposals, Is.EqualTo(1));
        Assert.That(() => environment.Reset(1, _observation), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => environment.Step([0], _observation), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void A_restored_state_knows_its_step_and_that_the_episode_is_over()
    {
        using var pendulum = new PendulumEnvironment().WithTimeLimit(2).WithChecks();
        var observation = new double[3];
        pendulum.Reset(1, observation);
        pendulum.Step([0], observation);
        var running = new double[pendulum.StateSize];
        pendulum.GetState(running);
        pendulum.Step([0], observation);
        using var other = new PendulumEnvironment().WithTimeLimit(2).WithChecks();
        other.SetState(running);
        Assert.That(other.Step([0], observation).Truncated);
        Assert.That(() => other.Step([0], observation), Throws.InvalidOperationException.With.Message.Contains("Episode 1 ended at step 2"));
    }
}
