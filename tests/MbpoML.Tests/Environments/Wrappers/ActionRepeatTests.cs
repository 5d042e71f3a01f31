using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Tests.Environments.Wrappers;

public class ActionRepeatTests
{
    private readonly double[] _observation = new double[2];

    [Test]
    public void Rewards_are_summed_and_the_last_observation_is_seen()
    {
        using var environment = new ScriptedEnvironment { Result = step => new StepResult(step, false) }.WithActionRepeat(3);
        environment.Reset(7, _observation);
        Assert.That(environment.Step([5], _observation), Is.EqualTo(new StepResult(1 + 2 + 3, false)));
        Assert.That(_observation, Is.EqualTo(new[] { 7.0, 3 }));
        Assert.That(environment.Step([5], _observation).Reward, Is.EqualTo(4 + 5 + 6));
    }

    // The last step says which of the two it was, also where both happen within one action.
    [TestCase(true)]
    [TestCase(false)]
    public void It_stops_at_an_end_and_says_which(bool terminated)
    {
        using var environment = new ScriptedEnvironment { Result = step => new StepResult(step, terminated && step == 5, !terminated && step == 5) }
            .WithActionRepeat(4);
        environment.Reset(0, _observation);
        Assert.That(environment.Step([0], _observation).Done, Is.False);
        Assert.That(environment.Step([0], _observation), Is.EqualTo(new StepResult(5, terminated, !terminated)));
        Assert.That(_observation[1], Is.EqualTo(5));
    }

    [TestCase(3, 67)]
    [TestCase(200, 1)]
    [TestCase(int.MaxValue, 1)]
    [TestCase(1, 200)]
    public void An_episode_has_as_many_actions_as_there_is_time_for(int repeats, int actions)
    {
        using var environment = new PendulumEnvironment().WithActionRepeat(repeats);
        var (observation, count) = (new double[3], 1);
        environment.Reset(0, observation);
        while (!environment.Step([0], observation).Truncated) count++;
        Assert.That((environment.MaxEpisodeSteps, count), Is.EqualTo(((int?)actions, actions)));
    }

    [Test]
    public void The_end_of_the_task_is_known_and_the_reward_is_not()
    {
        var (termination, reward) = (TerminationFunction.FromRow((_, _, next) => next[0] > 3), RewardFunction.FromRow((_, _, next) => next[0]));
        using var twice = new ScriptedEnvironment { Termination = termination, Reward = reward }.WithActionRepeat(2);
        using var once = new ScriptedEnvironment { Termination = termination, Reward = reward }.WithActionRepeat(1);
        Assert.That((once.Termination, once.Reward), Is.EqualTo((termination, reward)));
        Assert.That(twice.Reward, Is.Null);
        Assert.That(twice.Termination, Is.InstanceOf<IApproximateFunction>());
        using var endless = new PendulumEnvironment().WithActionRepeat(2);
        Assert.That(endless.Termination, Is.Null);
    }

    [Test]
    public void Its_state_is_that_of_the_environment()
    {
        using var one = new PendulumEnvironment().WithActionRepeat(4);
        using var other = new PendulumEnvironment().WithActionRepeat(4);
        var (first, second, state) = (new double[3], new double[3], new double[one.StateSize]);
        one.Reset(1, first);
        one.Step([2], first);
        one.GetState(state);
        other.SetState(state);
        Assert.That(other.Step([1], second), Is.EqualTo(one.Step([1], first)));
        Assert.That(second, Is.EqualTo(first));
    }
}
