using MbpoML.Acting;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Catalog;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Training;

/// <summary>Faults of learning inside whole runs: what the run says of them, and what it leaves.</summary>
[Category("Text")]
public class LearningFaultTests
{
    [Test]
    public void Losses_that_are_not_finite_stop_the_run_at_once()
    {
        var failed = Fail(preset => preset.Trainer.RealRatio = 1, failingStep: 80);
        var fault = (LearningException)failed.InnerException!;
        Assert.That(fault.Quantity, Is.EqualTo("policy/q-loss"));
        Assert.That(failed.Message, Does.Contain("policy/q-loss is ").And.Contain("RewardScale").And.Contain("closed epochs"));
        // The row is one of eighty and a minibatch has 64: it is drawn within a step or two.
        Assert.That(failed.Report!.Steps, Is.InRange(80, 83));
    }

    [Test]
    public void A_fit_that_diverges_stops_the_run()
    {
        var failed = Fail(preset => (preset.Trainer.RealRatio, preset.Trainer.BatchSize) = (0, 8), failingStep: 45);
        var fault = (LearningException)failed.InnerException!;
        Assert.That(fault.Quantity, Does.StartWith("model/"));
        Assert.That(failed.Message, Does.Contain("The dynamics ensemble diverged"));
    }

    [Test]
    public void Exploding_critics_stop_the_run()
    {
        // No real run passes so low a limit.
        var failed = Fail(preset => preset.Policy.MaxAbsoluteQ = 1e-3, failingStep: int.MaxValue);
        Assert.That(failed.InnerException, Is.TypeOf<LearningException>().With.Property(nameof(LearningException.Quantity)).EqualTo("policy/q-mean"));
        Assert.That(failed.Message, Does.Contain("beyond 0.001").And.Contain("look ordinary").And.Not.Contain("imagined transitions have left"));
    }

    [Test]
    public void Imagined_transitions_are_blamed_where_they_are_far_larger_than_real_ones()
    {
        var mlContext = new MLContext(1);
        var rl = mlContext.Reinforcement();
        using var environment = new LineEnvironment();
        var preset = SmallRuns.Preset(steps: 120);
        preset.Policy.MaxAbsoluteQ = 1e-3;
        var trainer = rl.Mbpo(environment, preset.Trainer, new ExactDynamicsEstimator(mlContext), rl.Rollouts.Branched(preset.Rollouts),
            rl.Policies.SoftActorCritic(preset.Policy));
        var failed = Assert.Throws<TrainingFailedException>(() => trainer.Fit())!;
        Assert.That(failed.Message,
            Does.Contain("imagined transitions have left what the model knows: the reward is imagined as large as 1000, where the largest real one is"));
        failed.Report!.Policy.Dispose();
    }

    [Test]
    public void The_policy_in_the_report_is_sound_and_can_be_saved()
    {
        using var folder = new TemporaryFolder();
        var failed = Fail(preset => preset.Trainer.RealRatio = 1, failingStep: 80);
        var mlContext = new MLContext(1);
        using var policy = failed.Report!.Policy;
        Assert.That(SmallRuns.Actions(policy), Has.All.Matches<float>(float.IsFinite));
        mlContext.Model.Save(policy, null, folder["policy.zip"]);
        using var loaded = mlContext.Reinforcement().Policies.Load(folder["policy.zip"]);
        Assert.That(SmallRuns.Actions(loaded), Is.EqualTo(SmallRuns.Actions(policy)));
    }

    [Test]
    public void An_action_that_is_not_a_number_is_the_policys_fault_not_the_environments()
    {
        using var environment = new LineEnvironment();
        using var pool = new ReplayPool(new TransitionLayout(1, 1), 10);
        var settings = new HostSettings { Steps = 10, EpochLength = 10 };
        using var interaction = new Interaction(
            [environment], pool, new BrokenPolicy(), settings, new RunCounters(), seed: 3, new EpisodeFailures(settings, NullLogger.Instance));
        Assert.That(interaction.StepWithPolicy,
            Throws.TypeOf<LearningException>().With.Message.Contains("[NaN]").And.Message.Contains("weights are no longer usable"));
        Assert.That(environment.Steps, Is.Zero);
    }

    [Test]
    public void Alone_the_stages_throw_the_fault_itself()
    {
        var mlContext = new MLContext(1);
        var rl = mlContext.Reinforcement();
        var rows = rl.Data.FromTransitions(Enumerable.Range(0, 50).Select(index => new Transition
        {
            Observation = [index],
            Action = [index % 2],
            Reward = index * 1e30f,
            NextObservation = [index + 1],
        }));
        Assert.That(() => rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options { HiddenSizes = [8], Updates = 5 }).Fit(rows),
            Throws.TypeOf<LearningException>());
        Assert.That(() => rl.Dynamics.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options { HiddenSizes = [8], MaxEpochs = 1 }).Fit(rows),
            Throws.TypeOf<LearningException>());
    }

    [TestCase(nameof(EnvironmentCatalog.Pendulum))]
    [TestCase(nameof(EnvironmentCatalog.CartPoleContinuous))]
    [TestCase(nameof(EnvironmentCatalog.CartPoleSwingUp))]
    [TestCase(nameof(EnvironmentCatalog.MountainCarContinuous))]
    public void The_presets_raise_no_alarm(string task)
    {
        var rl = new MLContext(2).Reinforcement();
        using IEnvironment environment = task switch
        {
            nameof(EnvironmentCatalog.Pendulum) => rl.Environments.Pendulum(),
            nameof(EnvironmentCatalog.CartPoleContinuous) => rl.Environments.CartPoleContinuous(),
            nameof(EnvironmentCatalog.CartPoleSwingUp) => rl.Environments.CartPoleSwingUp(),
            _ => rl.Environments.MountainCarContinuous(),
        };
        // The beginning of a run, where weights and data are at their worst.
        var preset = MbpoPresets.For(environment)!;
        (preset.Trainer.InitialExplorationSteps, preset.Trainer.Steps, preset.Trainer.EvaluationEpisodes, preset.Trainer.Threads) = (200, 300, 0, 1);
        preset.Dynamics.MaxOptimizerSteps = 200;
        Assert.That(() => rl.Mbpo(environment, preset).Fit().Dispose(), Throws.Nothing);
    }

    // The reward of one step is finite, but its square is not.
    private static TrainingFailedException Fail(Action<MbpoPreset> change, int failingStep)
    {
        using var environment = new HookedLineEnvironment { OnStep = (step, result) => step == failingStep ? result with { Reward = 1e30 } : result };
        var preset = SmallRuns.Preset(steps: 120);
        (preset.Trainer.Seed, preset.Trainer.InitialExplorationSteps, preset.Dynamics.MaxOptimizerSteps) = (3, 50, 50);
        change(preset);
        return Assert.Throws<TrainingFailedException>(() => new MLContext(1).Reinforcement().Mbpo(environment, preset).Fit())!;
    }

    private sealed class BrokenPolicy : IPolicy
    {
        public int ObservationSize => 1;

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -2, 2);

        public Tensor Act(Tensor observation) => observation * float.NaN;

        public Tensor Sample(Tensor observation, Generator generator) => Act(observation);
    }
}
