using MbpoML.Acting;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Training;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Algorithms.Mbpo;

/// <summary>The whole of MBPO, small: it learns, and it repeats itself bit for bit.</summary>
public class MbpoTrainerTests
{
    [Test]
    public void Learns_the_line_far_beyond_chance()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = new LineEnvironment();
        double Return(IPolicy policy) => rl.Evaluate(policy, environment, episodes: 50).MeanReturn;
        var bestConstant = Enumerable.Range(-20, 41).Max(action => Return(new ConstantPolicy(action / 10f)));
        var preset = SmallRuns.Preset(400);
        // Enough optimizer steps on little data for the model to see the reward's sharp peak: with too few, the policy learns to hover beside it.
        (preset.Dynamics.BatchSize, preset.Dynamics.LearningRate, preset.Dynamics.MaxOptimizerSteps) = (64, 3e-3, 400);
        (preset.Dynamics.MemberCount, preset.Dynamics.EliteCount, preset.Trainer.UpdatesPerStep) = (3, 2, 10);
        using var untrained = rl.Policies.SoftActorCritic(preset.Policy).CreateLearner(new TransitionLayout(1, 1), environment.ActionSpace, seed: 1);
        using var policy = rl.Mbpo(environment, preset).Fit();

        // The best policy is at zero after three steps at most, and earns 20 less some 0.5.
        Assert.That(Return(untrained), Is.LessThan(14));
        Assert.That(bestConstant, Is.LessThan(11));
        Assert.That(Return(policy), Is.GreaterThan(17.5));
    }

    [Test]
    public void The_same_seed_gives_the_same_policy_bit_for_bit_and_another_seed_another()
    {
        var observations = Enumerable.Range(-10, 21).Select(index => index / 10f).ToArray();
        float[] Actions(int seed)
        {
            var rl = new MLContext(seed).Reinforcement();
            using var environment = new LineEnvironment();
            using var policy = rl.Mbpo(environment, SmallRuns.Preset(150)).Fit();
            return [.. observations.Select(observation => policy.Act([observation])[0])];
        }

        var first = Actions(1);
        Assert.That(Actions(1), Is.EqualTo(first));
        Assert.That(Actions(2), Is.Not.EqualTo(first));
    }

    [Test]
    public void Evaluating_changes_nothing_in_what_is_learned()
    {
        float Action(int episodes)
        {
            var rl = new MLContext(5).Reinforcement();
            using var environment = rl.Environments.Pendulum();
            var preset = SmallRuns.Preset(150);
            (preset.Trainer.EvaluationEpisodes, preset.Trainer.EpochLength) = (episodes, 15);
            using var policy = rl.Mbpo(environment, preset).Fit();
            return policy.Act([0.5f, 0.5f, 1])[0];
        }

        Assert.That(Action(2), Is.EqualTo(Action(0)), "the pendulum's state is saved and restored in the middle of an episode");
    }

    [Test]
    public void An_environment_without_action_bounds_is_refused()
    {
        var rl = new MLContext(1).Reinforcement();
        using var environment = new UnboundedActions();
        Assert.That(() => rl.Mbpo(environment), Throws.ArgumentException.With.Message.Contains("infinite bound"));
    }

    [TestCase(nameof(MbpoTrainer.Options.Steps), 0)]
    [TestCase(nameof(MbpoTrainer.Options.EpochLength), 0)]
    [TestCase(nameof(MbpoTrainer.Options.InitialExplorationSteps), -1)]
    [TestCase(nameof(MbpoTrainer.Options.ModelTrainingInterval), 0)]
    [TestCase(nameof(MbpoTrainer.Options.UpdatesPerStep), -1)]
    [TestCase(nameof(MbpoTrainer.Options.BatchSize), 0)]
    [TestCase(nameof(MbpoTrainer.Options.RealRatio), 1.5)]
    [TestCase(nameof(MbpoTrainer.Options.RealRatio), double.NaN)]
    [TestCase(nameof(MbpoTrainer.Options.RealPoolCapacity), 0)]
    [TestCase(nameof(MbpoTrainer.Options.MaxEpisodeSteps), 0)]
    [TestCase(nameof(MbpoTrainer.Options.EvaluationEpisodes), -1)]
    [TestCase(nameof(MbpoTrainer.Options.Threads), 0)]
    public void Options_out_of_range_are_refused_by_name(string name, object value)
    {
        var options = new MbpoTrainer.Options();
        typeof(MbpoTrainer.Options).GetProperty(name)!.SetValue(options, value);
        var rl = new MLContext(1).Reinforcement();
        using var environment = new LineEnvironment();
        Assert.That(() => rl.Mbpo(environment, options), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(name));
    }

    [Test]
    public void Options_changed_later_change_nothing()
    {
        var rl = new MLContext(1).Reinforcement();
        using var environment = new LineEnvironment();
        var preset = SmallRuns.Preset(60);
        var trainer = rl.Mbpo(environment, preset);
        preset.Trainer.Steps = 100_000;
        var report = trainer.Train();
        report.Policy.Dispose();
        Assert.That(report.Steps, Is.EqualTo(60));
    }

    [Test]
    public void Default_exploration_fits_the_length_of_the_run() => Assert.Multiple(() =>
    {
        Assert.That(new MbpoTrainer.Options { Steps = 125_000 }.ExplorationSteps, Is.EqualTo(5000), "Hopper in the paper");
        Assert.That(new MbpoTrainer.Options { Steps = 20_000 }.ExplorationSteps, Is.EqualTo(800));
        Assert.That(new MbpoTrainer.Options { Steps = 1000 }.ExplorationSteps, Is.EqualTo(250));
    });

    [Test]
    public void Ready_made_tasks_have_presets_and_others_have_none()
    {
        var environments = new MLContext(1).Reinforcement().Environments;
        using var pendulum = environments.Pendulum();
        using var line = new LineEnvironment();
        Assert.That(MbpoPresets.For(pendulum)!.Trainer.Steps, Is.EqualTo(3000));
        Assert.That(MbpoPresets.For(line), Is.Null);
    }

    private sealed class UnboundedActions : IEnvironment
    {
        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

        public BoxSpace ActionSpace { get; } = BoxSpace.Unbounded(1);

        public void Reset(int seed, Span<double> observation) => observation.Clear();

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => default;

        public void Dispose()
        {
        }
    }

    private sealed class ConstantPolicy(float action) : IPolicy
    {
        public int ObservationSize => 1;

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -2, 2);

        public Tensor Act(Tensor observation) => full_like(observation, action);

        public Tensor Sample(Tensor observation, Generator generator) => Act(observation);
    }
}
