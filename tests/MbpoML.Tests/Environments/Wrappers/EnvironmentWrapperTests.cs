using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using static TorchSharp.torch;

namespace MbpoML.Tests.Environments.Wrappers;

public class EnvironmentWrapperTests
{
    private readonly double[] _observation = new double[2];

    [Test]
    public void The_time_limit_truncates_and_starts_anew_at_each_reset()
    {
        using var environment = new ScriptedEnvironment().WithTimeLimit(3);
        for (var episode = 0; episode < 2; episode++)
        {
            environment.Reset(episode, _observation);
            Assert.That(Enumerable.Range(0, 3).Select(_ => environment.Step([0], _observation).Truncated), Is.EqualTo(new[] { false, false, true }));
        }
        Assert.That(() => new ScriptedEnvironment().WithTimeLimit(0),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("maxSteps must be at least 1"));
    }

    [Test]
    public void The_time_limit_never_overrides_terminated_and_keeps_an_inner_truncation()
    {
        using var environment = new ScriptedEnvironment { Result = step => new StepResult(0, step == 3, step == 2) }.WithTimeLimit(3);
        environment.Reset(0, _observation);
        var results = Enumerable.Range(0, 3).Select(_ => environment.Step([0], _observation)).ToArray();
        Assert.That(results, Is.EqualTo(new[] { new StepResult(0, false), new StepResult(0, false, true), new StepResult(0, true) }));
    }

    [TestCase(-1, -2)]
    [TestCase(0, 2)]
    [TestCase(1, 6)]
    [TestCase(0.5, 4)]
    [TestCase(1.7, 6)]
    [TestCase(-3, -2)]
    public void Rescaled_actions_span_the_bounds_and_are_clipped(double action, double expected)
    {
        var inner = new ScriptedEnvironment();
        using var environment = inner.WithRescaledActions();
        Assert.That((environment.ActionSpace.Low[0], environment.ActionSpace.High[0]), Is.EqualTo((-1.0, 1.0)));
        environment.Reset(0, _observation);
        environment.Step([action], _observation);
        Assert.That(inner.LastAction, Is.EqualTo(expected).Within(1e-15));
    }

    [Test]
    public void Functions_of_a_rescaled_environment_take_rescaled_actions()
    {
        using var scope = NewDisposeScope();
        using var environment = new ScriptedEnvironment
        {
            Termination = TerminationFunction.FromRow((_, action, _) => action[0] > 3),
            Reward = RewardFunction.FromRow((_, action, _) => action[0]),
        }.WithRescaledActions();
        var (observation, action) = (zeros(4, 2), tensor(new[] { -1f, 0f, 0.5f, 2f }, 4, 1));
        Assert.That(environment.Reward!.Evaluate(observation, action, observation).data<float>().ToArray(), Is.EqualTo(new[] { -2f, 2f, 4f, 6f }));
        Assert.That(environment.Termination!.Evaluate(observation, action, observation).data<bool>().ToArray(), Is.EqualTo(new[] { false, false, true, true }));
        using var plain = new ScriptedEnvironment().WithRescaledActions();
        Assert.That((plain.Termination, plain.Reward), Is.EqualTo(((ITerminationFunction?)null, (IRewardFunction?)null)));
    }

    [Test]
    public void Unbounded_actions_cannot_be_rescaled()
    {
        var inner = new ScriptedEnvironment { ActionSpace = BoxSpace.Unbounded(1) };
        Assert.That(() => inner.WithRescaledActions(), Throws.ArgumentException.With.Message.Contains("infinite bound"));
    }

    [Test]
    public void Wrappers_own_the_environment()
    {
        var inner = new ScriptedEnvironment();
        inner.WithTimeLimit(5).WithRescaledActions().Dispose();
        Assert.That(inner.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void A_wrapper_has_a_state_where_the_inner_one_has()
    {
        using var stateless = new ScriptedEnvironment().WithTimeLimit(5).WithRescaledActions();
        Assert.That(stateless.AsStateful(), Is.Null);
        Assert.That(() => stateless.StateSize, Throws.TypeOf<NotSupportedException>().With.Message.Contains("TimeLimitEnvironment cannot give its state"));

        using var wrapped = new PendulumEnvironment().WithTimeLimit(7).WithRescaledActions();
        var stateful = wrapped.AsStateful();
        Assert.That(stateful, Is.SameAs(wrapped));
        var (state, observation) = (new double[wrapped.StateSize], new double[3]);
        wrapped.Reset(4, observation);
        for (var step = 0; step < 6; step++) wrapped.Step([0.3], observation);
        wrapped.GetState(state);
        var expected = wrapped.Step([0.3], observation);
        wrapped.Reset(5, observation);
        wrapped.SetState(state);
        Assert.That(wrapped.Step([0.3], observation), Is.EqualTo(expected));
        Assert.That(expected.Truncated, "the counter of the time limit belongs to the state");
    }
}
