using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Catalog;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using Microsoft.ML;

namespace MbpoML.Mujoco.Tests;

[Category("Text")]
public class CatalogTests
{
    private static readonly EnvironmentCatalog Catalog = new MLContext(1).Reinforcement().Environments;

    // Official configurations (examples/config/*/0.py) and, for lengths, the paper's figure 2.
    [TestCase("InvertedPendulum", 20_500, 250, 500, 10, -0.05, 200)]
    [TestCase("InvertedDoublePendulum", 20_500, 250, 500, 20, -0.5, 200)]
    [TestCase("Hopper", 130_000, 1000, 5000, 20, -1, 200)]
    [TestCase("Walker2d", 305_000, 1000, 5000, 20, -3, 200)]
    [TestCase("HalfCheetah", 405_000, 1000, 5000, 40, -3, 200)]
    [TestCase("Ant", 305_000, 1000, 5000, 20, -4, 200)]
    [TestCase("Humanoid", 305_000, 1000, 5000, 20, -2, 400)]
    public void Presets_hold_the_published_numbers(string task, int steps, int epoch, int exploration, int updates, double entropy, int hidden)
    {
        foreach (var source in Enum.GetValues<PresetSource>())
        {
            var preset = MujocoTasks.Named(task).CreatePreset(source);
            Assert.Multiple(() =>
            {
                Assert.That((preset.Trainer.Steps, preset.Trainer.EpochLength, preset.Trainer.InitialExplorationSteps),
                    Is.EqualTo((steps, epoch, (int?)exploration)));
                Assert.That((preset.Trainer.UpdatesPerStep, preset.Trainer.RealRatio, preset.Trainer.BatchSize), Is.EqualTo((updates, 0.05, 256)));
                Assert.That(preset.Policy.TargetEntropy, Is.EqualTo(entropy));
                Assert.That(preset.Policy.HiddenSizes, Is.EqualTo(new[] { 256, 256 }));
                Assert.That(preset.Dynamics.HiddenSizes, Is.EqualTo(Enumerable.Repeat(hidden, 4)));
                Assert.That((preset.Dynamics.MemberCount, preset.Dynamics.EliteCount, preset.Rollouts.BatchSize), Is.EqualTo((7, 5, 100_000)));
            });
        }
    }

    [TestCase("InvertedPendulum", PresetSource.Official, 300, 1)]
    [TestCase("Hopper", PresetSource.Official, 20, 1)]
    [TestCase("Hopper", PresetSource.Official, 100, 9)]
    [TestCase("Hopper", PresetSource.Official, 150, 15)]
    [TestCase("Hopper", PresetSource.Paper, 20, 1)]
    [TestCase("Hopper", PresetSource.Paper, 100, 15)]
    [TestCase("Walker2d", PresetSource.Paper, 200, 1)]
    [TestCase("HalfCheetah", PresetSource.Official, 200, 1)]
    [TestCase("Ant", PresetSource.Official, 60, 13)]
    [TestCase("Ant", PresetSource.Paper, 100, 25)]
    [TestCase("Humanoid", PresetSource.Official, 160, 13)]
    [TestCase("Humanoid", PresetSource.Paper, 300, 25)]
    public void Rollouts_grow_as_published(string task, PresetSource source, int epoch, int length) =>
        Assert.That(MujocoTasks.Named(task).CreatePreset(source).Rollouts.Schedule.GetLength(new RolloutScheduleContext(epoch, 0)), Is.EqualTo(length));

    [Test]
    public void Sources_differ_for_hopper_and_humanoid_alone()
    {
        foreach (var task in MujocoTasks.Gym)
        {
            var (official, paper) = (task.CreatePreset(PresetSource.Official), task.CreatePreset(PresetSource.Paper));
            var rest = (official.Trainer.ModelTrainingInterval, official.Rollouts.RetainEpochs);
            var isHumanoid = task == MujocoTasks.Humanoid;
            Assert.That(rest, Is.EqualTo(isHumanoid ? (1000, 5) : (250, 1)), task.Name);
            Assert.That((paper.Trainer.ModelTrainingInterval, paper.Rollouts.RetainEpochs), Is.EqualTo((250, 1)), task.Name);
            Assert.That(official.Rollouts.Schedule.Equals(paper.Rollouts.Schedule), Is.EqualTo(task != MujocoTasks.Hopper), task.Name);
        }
    }

    [Test]
    public void The_preset_of_an_environment_is_found_by_the_core_wrapped_or_not()
    {
        using var environment = Catalog.HalfCheetah();
        using var wrapped = Catalog.Mujoco("humanoid").WithRescaledActions().WithTimeLimit(50);
        Assert.That(MbpoPresets.For(environment)!.Trainer.UpdatesPerStep, Is.EqualTo(40));
        Assert.That(MbpoPresets.For(wrapped)!.Trainer.ModelTrainingInterval, Is.EqualTo(1000), "the official one");
        var (first, second) = (MbpoPresets.For(environment), MbpoPresets.For(environment));
        Assert.That(first, Is.Not.SameAs(second), "each may be changed freely");
    }

    [Test]
    public void Tasks_are_found_by_name_and_by_method()
    {
        MujocoEnvironment[] environments =
            [Catalog.InvertedPendulum(), Catalog.InvertedDoublePendulum(), Catalog.Hopper(), Catalog.Walker2d(), Catalog.HalfCheetah(), Catalog.Ant(),
                Catalog.Humanoid(), Catalog.MbrlCartPole(), Catalog.MbrlHalfCheetah(), Catalog.MbrlSwimmer(), Catalog.MbblHalfCheetah(),
                Catalog.DmcCartPoleSwingUp()];
        Assert.That(environments.Select(environment => environment.Task), Is.EqualTo(MujocoTasks.All));
        foreach (var environment in environments)
        {
            using var same = Catalog.Mujoco(environment.Task!.Name);
            Assert.That(environment.IsDeterministic, environment.Task.Name);
            var reward = environment.Task.Name.StartsWith("Mb", StringComparison.Ordinal) ? environment.Task.KnownReward : null;
            Assert.That((same.Task, same.Termination, same.Reward), Is.EqualTo((environment.Task, environment.Task.Termination, reward)));
            environment.Dispose();
        }
    }

    [Test]
    public void An_unknown_task_or_source_is_refused_with_what_there_is()
    {
        Assert.That(() => Catalog.Mujoco("Jumper"), Throws.ArgumentException.With.Message.Contains("'Jumper'").And.Message.Contains("HalfCheetah"));
        Assert.That(() => MujocoTasks.Ant.CreatePreset((PresetSource)7), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    // As in MBPO the policy's actions are scaled to the range and never leave it.
    [Test]
    public void Rescaled_actions_reach_the_bounds_and_are_clipped_there()
    {
        using var plain = Catalog.InvertedPendulum();
        using var rescaled = Catalog.InvertedPendulum().WithRescaledActions();
        var (expected, actual) = (new double[4], new double[4]);
        foreach (var (given, force) in new[] { (1.0, 3.0), (-0.5, -1.5), (7, 3) })
        {
            plain.Reset(1, expected);
            rescaled.Reset(1, actual);
            plain.Step([force], expected);
            rescaled.Step([given], actual);
            Assert.That(actual, Is.EqualTo(expected));
        }
    }
}
