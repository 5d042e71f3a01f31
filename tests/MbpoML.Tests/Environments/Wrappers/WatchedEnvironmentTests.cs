using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Tests.Environments.Wrappers;

public class WatchedEnvironmentTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private readonly double[] _observation = new double[2];

    [Test]
    public void Passes_everything_through()
    {
        var inner = new ScriptedEnvironment();
        using var environment = inner.WithStepTimeout(Long);
        environment.Reset(9, _observation);
        Assert.That(_observation, Is.EqualTo(new double[] { 9, 0 }));
        Assert.That(environment.Step([3], _observation), Is.EqualTo(new StepResult(1, false)));
        Assert.That(_observation, Is.EqualTo(new double[] { 9, 1 }));
        Assert.That(inner.LastAction, Is.EqualTo(3));
    }

    [Test]
    public void An_exception_comes_to_the_caller_and_the_environment_goes_on()
    {
        var inner = new ScriptedEnvironment { Result = step => step == 1 ? throw new FormatException("bad sensor") : new StepResult(1, false) };
        using var environment = inner.WithStepTimeout(Long);
        environment.Reset(1, _observation);
        Assert.That(() => environment.Step([0], _observation), Throws.TypeOf<FormatException>().With.Message.EqualTo("bad sensor"));
        Assert.That(environment.Step([0], _observation).Reward, Is.EqualTo(1));
    }

    [Test]
    public void A_step_that_hangs_is_given_up_and_the_environment_refused_from_then_on()
    {
        using var gate = new ManualResetEventSlim();
        var inner = new ScriptedEnvironment
        {
            Result = _ =>
            {
                gate.Wait();
                return new StepResult(0, false);
            },
        };
        var environment = inner.WithStepTimeout(TimeSpan.FromMilliseconds(20)).WithChecks();
        environment.Reset(1, _observation);
        var error = Assert.Throws<EnvironmentException>(() => environment.Step([0], _observation));
        Assert.That(error.InnerException, Is.TypeOf<TimeoutException>());
        Assert.That(error.Message, Does.Contain("episode 1, step 1").And.Contain("did not come back from Step within 0.02 s"));
        Assert.That(() => environment.Reset(1, _observation), Throws.TypeOf<EnvironmentException>().With.InnerException.TypeOf<TimeoutException>());
        Assert.That(() => environment.Step([0], _observation), Throws.InvalidOperationException);
        environment.Dispose();
        Assert.That(inner.Disposals, Is.Zero, "it is still at work");
        gate.Set();
        Assert.That(() => inner.Disposals, Is.EqualTo(1).After(10_000, 10));
    }

    [Test]
    public void An_environment_whose_late_step_came_back_is_used_again_after_a_reset()
    {
        using var gate = new ManualResetEventSlim();
        var inner = new ScriptedEnvironment
        {
            Result = step =>
            {
                if (step == 2) gate.Wait();
                return new StepResult(step, false);
            },
        };
        using var environment = inner.WithStepTimeout(TimeSpan.FromSeconds(0.3));
        environment.Reset(1, _observation);
        environment.Step([0], _observation);
        Assert.That(() => environment.Step([0], _observation), Throws.TypeOf<TimeoutException>());
        gate.Set();
        Assert.That(() => environment.Step([0], _observation), Throws.TypeOf<TimeoutException>(), "it stands nobody knows where");
        environment.Reset(5, _observation);
        Assert.That(_observation, Is.EqualTo(new double[] { 5, 0 }));
        Assert.That(environment.Step([0], _observation).Reward, Is.EqualTo(1));
    }

    [Test]
    public void Disposing_disposes_the_environment_once()
    {
        var inner = new ScriptedEnvironment();
        var environment = inner.WithStepTimeout(Long);
        environment.Dispose();
        environment.Dispose();
        Assert.That(inner.Disposals, Is.EqualTo(1));
        Assert.That(() => environment.Reset(1, _observation), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void State_passes_through_where_there_is_one()
    {
        using var environment = new PendulumEnvironment().WithStepTimeout(Long);
        var observation = new double[3];
        environment.Reset(1, observation);
        var state = new double[environment.StateSize];
        environment.GetState(state);
        var first = environment.Step([1], observation).Reward;
        environment.SetState(state);
        Assert.That(environment.Step([1], observation).Reward, Is.EqualTo(first));
        Assert.That(new ScriptedEnvironment().WithStepTimeout(Long).AsStateful(), Is.Null);
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void A_timeout_must_be_above_zero(double seconds) =>
        Assert.That(() => new ScriptedEnvironment().WithStepTimeout(TimeSpan.FromSeconds(seconds)),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("timeout"));
}
