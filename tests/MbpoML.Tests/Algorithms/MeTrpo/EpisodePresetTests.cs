using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.MeTrpo.Presets;
using MbpoML.Algorithms.Ppo.Presets;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments.Tasks;
using MbpoML.Imagination;
using LineEnvironment = MbpoML.Tests.Fakes.LineEnvironment;

namespace MbpoML.Tests.Algorithms.MeTrpo;

/// <summary>Settings of ME-TRPO and PPO.</summary>
public class EpisodePresetTests
{
    [Test]
    public void Those_of_the_paper_are_the_authors()
    {
        var preset = MeTrpoPresets.Swimmer();
        Assert.Multiple(() =>
        {
            Assert.That((preset.Trainer.Steps, preset.Trainer.StepsPerIteration, preset.Trainer.InitialExplorationSteps), Is.EqualTo((303_000, 3000, 3000)));
            Assert.That((preset.Policy.EpisodesPerUpdate, preset.Policy.EpisodeSteps, preset.Trainer.MaxEpisodeSteps), Is.EqualTo((250, 200, 200)));
            Assert.That(preset.Dynamics.HiddenSizes, Is.EqualTo(new[] { 512, 512 }));
            Assert.That((preset.Dynamics.MemberCount, preset.Dynamics.EliteCount, preset.Dynamics.Loss), Is.EqualTo((5, 5, DynamicsLoss.SquaredError)));
            Assert.That((preset.Policy.Discount, preset.Policy.Lambda, preset.Rollouts.Starts), Is.EqualTo((1.0, 1.0, StartStates.Resets)));
            Assert.That(MeTrpoPresets.HalfCheetah().Dynamics.HiddenSizes, Is.EqualTo(new[] { 1024, 1024 }));
            Assert.That(MeTrpoPresets.HalfCheetah().Policy.EpisodesPerUpdate, Is.EqualTo(500), "50,000 imagined transitions an update, as the swimmer");
        });
    }

    [Test]
    public void Those_of_the_benchmark_have_fifty_thousand_imagined_rows_an_update_and_no_noise_but_the_policys()
    {
        AssertBenchmark(MeTrpoPresets.BenchmarkSwimmer(), imaginedSteps: 200);
        AssertBenchmark(MeTrpoPresets.BenchmarkHalfCheetah(), imaginedSteps: 1000);
    }

    private static void AssertBenchmark(MeTrpoPreset preset, int imaginedSteps)
    {
        Assert.That((preset.Trainer.Steps, preset.Trainer.StepsPerIteration, preset.Trainer.MaxPolicyIterations), Is.EqualTo((198_000, 6000, 20)));
        Assert.That((preset.Policy.EpisodesPerUpdate * preset.Policy.EpisodeSteps, preset.Policy.EpisodeSteps), Is.EqualTo((50_000, imaginedSteps)));
        Assert.That(preset.Trainer.ResetsDeviation, Is.False);
        Assert.That((preset.Policy.Discount, preset.Policy.Lambda, preset.Policy.Damping, preset.Trainer.ActionNoise),
            Is.EqualTo((0.99, 0.95, 0.1, (double?)null)));
        Assert.That(() => preset.Copy(), Throws.Nothing, "all of it is in range");
    }

    [Test]
    public void Fast_asks_for_less_and_leaves_the_other_alone()
    {
        var preset = MeTrpoPresets.HalfCheetah();
        var fast = preset.Fast();
        Assert.That((fast.Policy.EpisodesPerUpdate, fast.Policy.FisherShare, fast.Trainer.ValidationEpisodes), Is.EqualTo((100, 0.1, 100)));
        Assert.That(fast.Dynamics.HiddenSizes, Is.EqualTo(new[] { 200, 200 }));
        Assert.That((preset.Policy.EpisodesPerUpdate, preset.Dynamics.HiddenSizes[0]), Is.EqualTo((500, 1024)));
    }

    [Test]
    public void The_run_is_that_of_the_task_and_small_tasks_have_small_networks()
    {
        var task = MbpoPresets.CartPoleSwingUp();
        var (meTrpo, ppo) = (task.MeTrpo(), task.Ppo());
        Assert.Multiple(() =>
        {
            Assert.That((meTrpo.Trainer.Steps, meTrpo.Trainer.EpochLength, ppo.Trainer.Steps), Is.EqualTo((1600, 200, 1600)));
            Assert.That(meTrpo.Trainer.StepsPerIteration, Is.EqualTo(task.Trainer.ModelTrainingInterval));
            Assert.That(meTrpo.Dynamics.HiddenSizes, Is.EqualTo(task.Dynamics.HiddenSizes));
            Assert.That((meTrpo.Policy.EpisodeSteps, meTrpo.Policy.Discount), Is.EqualTo((33, 0.97)));
            Assert.That((ppo.Trainer.InitialExplorationSteps, ppo.Trainer.StepsPerUpdate, ppo.Policy.Discount), Is.EqualTo((0, 64, 0.97)));
            Assert.That(MbpoPresets.Paper().MeTrpo().Dynamics.HiddenSizes, Is.EqualTo(new[] { 1024, 1024 }));
            Assert.That(MbpoPresets.Paper().Ppo().Trainer.StepsPerUpdate, Is.EqualTo(666));
        });
    }

    [Test]
    public void A_task_has_its_known_reward_and_PPO_more_steps()
    {
        using var pendulum = new PendulumEnvironment();
        Assert.That(MeTrpoPresets.For(pendulum).Trainer.Reward, Is.SameAs(PendulumEnvironment.KnownReward));
        Assert.That((PpoPresets.For(pendulum).Trainer.Steps, PpoPresets.For(pendulum).Trainer.StepsPerUpdate), Is.EqualTo((90_000, 2048)));
        using var line = new LineEnvironment();
        Assert.That(MeTrpoPresets.For(line).Rollouts.Starts, Is.Not.EqualTo(StartStates.Resets), "it cannot be reset within an episode");
    }
}
