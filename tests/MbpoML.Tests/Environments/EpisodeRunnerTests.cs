using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Tests.Fakes;
using LineEnvironment = MbpoML.Tests.Fakes.LineEnvironment;

namespace MbpoML.Tests.Environments;

/// <summary>One way to step through episodes.</summary>
public class EpisodeRunnerTests
{
    [Test]
    public void What_is_observed_after_a_step_is_observed_before_the_next()
    {
        using var environment = new LineEnvironment();
        var episode = new EpisodeRunner(environment);
        episode.Begin(seed: 4);
        var before = episode.Observation[0];
        for (var step = 0; step < 5; step++, episode.Advance())
        {
            Assert.That(episode.Observation[0], Is.EqualTo(before));
            episode.Step((_, action) => action[0] = 0.1);
            before = episode.Next[0];
        }

        Assert.That(episode.Steps, Is.EqualTo(5));
    }

    [Test]
    public void An_episode_is_cut_at_its_limit_and_the_return_is_the_sum_of_its_rewards()
    {
        using var environment = new LineEnvironment();
        var episode = new EpisodeRunner(environment, maxSteps: 3);
        episode.Begin(seed: 4);
        var sum = 0.0;
        StepResult result = default;
        for (; episode.IsUnderWay; episode.Advance())
        {
            result = episode.Step((_, action) => action[0] = 0);
            sum += result.Reward;
        }

        Assert.That((episode.Steps, episode.Return, result.Truncated, result.Terminated), Is.EqualTo((3, sum, true, false)));
        episode.Begin(seed: 5);
        Assert.That((episode.Steps, episode.Return, episode.IsUnderWay), Is.EqualTo((0, 0.0, true)));
    }

    [Test]
    public void The_tasks_own_end_is_no_truncation()
    {
        using var environment = new HookedLineEnvironment { OnStep = (_, result) => new StepResult(result.Reward, Terminated: true, Truncated: true) };
        var episode = new EpisodeRunner(environment, maxSteps: 1);
        episode.Begin(seed: 4);
        var result = episode.Step((_, action) => action[0] = 0);
        Assert.That((result.Terminated, result.Truncated, episode.IsUnderWay), Is.EqualTo((true, false, false)));
    }

    [Test]
    public void A_step_allocates_nothing()
    {
        var environment = new PendulumEnvironment();
        var episode = new EpisodeRunner(environment);
        BehaviorPolicy act = (_, action) => action[0] = 0.3;
        episode.Begin(seed: 1);
        episode.Step(act);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 100; step++)
        {
            episode.Step(act);
            episode.Advance();
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
