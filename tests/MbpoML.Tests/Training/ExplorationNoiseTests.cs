using MbpoML.Acting;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Imagination;
using MbpoML.Imagination.Gates;
using MbpoML.Numerics.Random;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Policies.SoftActorCritic;
using MbpoML.Tests.Training.Checkpoints;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML;

namespace MbpoML.Tests.Training;

/// <summary>Pink noise in whole runs, and gates and fused steps beside it.</summary>
public class ExplorationNoiseTests
{
    [Test]
    public void Actions_are_those_of_one_sequence_of_noise_through_the_ends_of_episodes()
    {
        const int Seed = 3, Steps = 150;
        using var environment = new LineEnvironment();
        var settings = SacSamples.Settings(1, 1, 16, 16) with { ActionSpace = environment.ActionSpace };
        using var learner = SacSamples.Learner(settings);
        using var pool = new ReplayPool(new TransitionLayout(1, 1), Steps);
        var host = new HostSettings { Steps = Steps, EpochLength = Steps, ExplorationNoise = ExplorationNoise.Pink };
        using var interaction = new Interaction([environment], pool, learner, host, new RunCounters(), Seed, new EpisodeFailures(host, NullLogger.Instance));
        for (var step = 0; step < Steps; step++) interaction.StepWithPolicy();
        using var rows = pool.ToRows();
        using var actor = (INoisyActor)((IPolicy)learner).NewActor();
        var noise = new PinkNoise(Seeds.Derive(Seed, "exploration-noise"), 1);
        var action = new double[1];
        for (var step = 0; step < Steps; step++)
        {
            actor.Act([rows[step, 0].item<float>()], noise.Next(), action);
            Assert.That(rows[step, 1].item<float>(), Is.EqualTo(action[0]).Within(1e-5), $"step {step}");
        }

        Assert.That(interaction.Episodes, Is.GreaterThan(3));
    }

    [Test]
    public void It_changes_what_is_learned_and_equal_seeds_give_equal_policies()
    {
        float[] Train(ExplorationNoise noise)
        {
            var preset = SmallRuns.Preset(120);
            (preset.Trainer.ExplorationNoise, preset.Trainer.Seed) = (noise, 4);
            return SmallRuns.Train(new MLContext(seed: 1).Reinforcement(), preset);
        }

        var pink = Train(ExplorationNoise.Pink);
        Assert.Multiple(() =>
        {
            Assert.That(Train(ExplorationNoise.Pink), Is.EqualTo(pink));
            Assert.That(Train(ExplorationNoise.White), Is.Not.EqualTo(pink));
        });
    }

    [Test]
    public void A_policy_that_takes_no_noise_is_refused_before_the_first_step()
    {
        var context = new MLContext(seed: 1);
        var rl = context.Reinforcement();
        using var environment = new LineEnvironment();
        var preset = SmallRuns.Preset(120);
        preset.Trainer.ExplorationNoise = ExplorationNoise.Pink;
        var trainer = rl.Mbpo(environment, preset.Trainer, new ExactDynamicsEstimator(context), rl.Rollouts.Branched(preset.Rollouts),
            new RecordingPolicyEstimator());
        Assert.That(() => trainer.Fit(), Throws.InvalidOperationException.With.Message.Contains("INoisyActor").And.Message.Contains("Pink"));
        Assert.That(environment.Steps, Is.Zero);
    }

    [Test]
    public void A_run_with_pink_noise_and_a_gate_goes_on_exactly_wherever_it_was_stopped(
        [Values(OverlappedStages.None, OverlappedStages.Environment)] OverlappedStages overlap, [Values] bool isFused)
    {
        using var folder = new TemporaryFolder();
        void Change(MbpoML.Algorithms.Mbpo.Presets.MbpoPreset preset)
        {
            (preset.Trainer.Overlap, preset.Trainer.ExplorationNoise, preset.Trainer.UpdatesFollowPool) = (overlap, ExplorationNoise.Pink, true);
            (preset.Rollouts.DropsByAge, preset.Rollouts.Schedule) = (true, RolloutSchedule.Constant(3));
            if (isFused) preset.Rollouts.Propagation = Propagation.Fused;
            preset.Rollouts.Rule = isFused
                ? RolloutRule.InformationCutoffs(new InformationCutoffs.Options { StepQuantile = 0.8, Samples = 50 })
                : RolloutRule.BhattacharyyaGate(new BhattacharyyaGate.Options { Factor = 1, Quantile = 0.7 });
        }

        using var undisturbed = new StopAndGo(folder["undisturbed"], Change);
        var expected = undisturbed.RunThrough();
        var random = new RandomSource(isFused ? 1 : 2);
        using var stopped = new StopAndGo(folder["stopped"], Change);
        TrainingReport? report = null;
        for (var stops = 0; report is null; stops++)
        {
            report = stopped.Go(random.NextInt32(Math.Max(1, undisturbed.Ticks / 6)) + 8, milliseconds: 0);
            Assert.That(stops, Is.LessThan(200));
        }

        Assert.Multiple(() =>
        {
            Assert.That(StopAndGo.Metrics(report), Is.EqualTo(StopAndGo.Metrics(expected)));
            Assert.That(expected.History[^1].Values[MetricNames.RolloutStopped], Is.GreaterThan(0));
            Assert.That(Actions(report), Is.EqualTo(Actions(expected)));
        });
        report.Policy.Dispose();
        expected.Policy.Dispose();
    }

    [Test]
    public void A_trainer_that_trains_twice_begins_with_an_empty_gate()
    {
        var preset = SmallRuns.Preset(160);
        preset.Trainer.Seed = 5;
        (preset.Rollouts.Rule, preset.Rollouts.Schedule) = (
            RolloutRule.BhattacharyyaGate(new BhattacharyyaGate.Options { Factor = 1, Quantile = 0.7 }), RolloutSchedule.Constant(3));
        using var environment = new LineEnvironment();
        var trainer = new MLContext(seed: 1).Reinforcement().Mbpo(environment, preset);
        using var first = trainer.Fit();
        using var second = trainer.Fit();
        Assert.That(SmallRuns.Actions(second), Is.EqualTo(SmallRuns.Actions(first)));
    }

    private static float[] Actions(TrainingReport report) =>
        [.. Enumerable.Range(-10, 21).Select(index => report.Policy.Act([index / 10f, index / 20f, index / 30f, index / 40f])[0])];
}
