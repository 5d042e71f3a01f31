using MbpoML.Algorithms.Mbpo;
using MbpoML.Environments.Tasks;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Training.Checkpoints;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using LineEnvironment = MbpoML.Tests.Fakes.LineEnvironment;

namespace MbpoML.Tests.Training;

/// <summary>What a record is told of a run, and that it changes nothing of it.</summary>
[Category("Text")]
public class RunRecordTests
{
    [Test]
    public void A_recorded_run_is_the_run_that_it_is_without()
    {
        using var folder = new TemporaryFolder();
        var record = new MemoryRecord { Folder = folder.FullName };
        var preset = SmallRuns.Preset(200);
        preset.Trainer.Record = record;
        var actions = SmallRuns.Train(new MLContext(seed: 3).Reinforcement(), preset);
        Assert.Multiple(() =>
        {
            Assert.That(actions, Is.EqualTo(SmallRuns.Train(new MLContext(seed: 3).Reinforcement(), SmallRuns.Preset(200))));
            Assert.That(record.Steps, Is.EqualTo(new[] { 150, 200 }));
            Assert.That(record.Ends, Is.EqualTo(new[] { (true, (Type?)null) }));
            Assert.That(record.Disposed, Is.EqualTo(1));
            Assert.That(Checkpointing.Exists(folder.FullName));
        });
        var run = record.Runs.Single();
        Assert.Multiple(() =>
        {
            Assert.That(run.Environment, Is.TypeOf<LineEnvironment>());
            Assert.That(run.ResumedFrom, Is.Null);
            Assert.That((run.Options["Trainer.Steps"], run.Options["Policy.HiddenSizes"], run.Options["Dynamics.MaxOptimizerSteps"]),
                Is.EqualTo(("200", "[32, 32]", "200")));
            Assert.That(run.Options.Keys, Has.None.EqualTo("Trainer.Record"));
            Assert.That((run.Dynamics, run.Policy),
                Is.EqualTo(("MbpoML.Dynamics.Ensemble.ProbabilisticEnsembleTrainer", "MbpoML.Policies.SoftActorCritic.SoftActorCriticTrainer")));
        });
    }

    [Test]
    public void A_resumed_run_has_the_seed_that_it_had_and_writes_its_checkpoints_where_the_record_says()
    {
        using var folder = new TemporaryFolder();
        var record = new MemoryRecord { Folder = folder.FullName };
        using var stop = new CancellationTokenSource();
        TrainingReport? Run(int seed, Func<MbpoTrainer, TrainingReport> train, CancellationToken token)
        {
            using var environment = new CartPoleContinuousEnvironment();
            var preset = SmallRuns.Preset(200);
            (preset.Trainer.Record, preset.Trainer.CancellationToken) = (record, token);
            preset.Trainer.Progress = new ProgressListener(progress =>
            {
                if (progress.Step == 120) stop.Cancel();
            });
            try
            {
                return train(new MLContext(seed).Reinforcement().Mbpo(environment, preset));
            }
            catch (TrainingCanceledException cancelled)
            {
                cancelled.Report!.Policy.Dispose();
                return null;
            }
        }

        Assert.That(Run(3, trainer => trainer.Train(), stop.Token), Is.Null);
        var resumed = Run(4, trainer => trainer.Resume(folder.FullName), CancellationToken.None)!;
        using var other = new CartPoleContinuousEnvironment();
        var undisturbed = new MLContext(seed: 3).Reinforcement().Mbpo(other, SmallRuns.Preset(200)).Train();
        using var policy = resumed.Policy;
        using var expected = undisturbed.Policy;
        Assert.Multiple(() =>
        {
            Assert.That(StopAndGo.Metrics(resumed), Is.EqualTo(StopAndGo.Metrics(undisturbed)));
            Assert.That(policy.Act([0.1f, 0.2f, 0.3f, 0.4f])[0], Is.EqualTo(expected.Act([0.1f, 0.2f, 0.3f, 0.4f])[0]));
            Assert.That(record.Runs[1], Is.Not.SameAs(record.Runs[0]));
            Assert.That((record.Runs[1].Seed, record.Runs[1].ResumedFrom), Is.EqualTo((record.Runs[0].Seed, folder.FullName)));
            Assert.That(record.Ends, Is.EqualTo(new[] { (true, typeof(TrainingCanceledException)), (true, (Type?)null) }));
        });
    }

    [Test]
    public void Of_stages_of_another_maker_a_record_gets_the_type_and_no_options()
    {
        using var folder = new TemporaryFolder();
        var record = new MemoryRecord { Folder = folder.FullName };
        using var environment = new LineEnvironment();
        var preset = SmallRuns.Preset(60);
        preset.Trainer.Record = record;
        var mlContext = new MLContext(seed: 1);
        var rl = mlContext.Reinforcement();
        rl.Mbpo(environment, preset.Trainer, new ExactDynamicsEstimator(mlContext), rl.Rollouts.Branched(preset.Rollouts),
            rl.Policies.SoftActorCritic(preset.Policy)).Fit().Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(record.Runs.Single().Dynamics, Is.EqualTo(typeof(ExactDynamicsEstimator).FullName));
            Assert.That(record.Runs.Single().Options.Keys, Has.None.StartsWith("Dynamics.").And.Some.StartsWith("Policy."));
        });
    }

    [Test]
    public void A_record_that_cannot_be_closed_loses_no_policy()
    {
        using var folder = new TemporaryFolder();
        using var environment = new LineEnvironment();
        var preset = SmallRuns.Preset(60);
        preset.Trainer.Record = new MemoryRecord { Folder = folder.FullName, FaultAtEnd = new IOException("The disk is full.") };
        var failed = Assert.Throws<TrainingFailedException>(() => new MLContext(seed: 1).Reinforcement().Mbpo(environment, preset).Train());
        using var policy = failed!.Report!.Policy;
        Assert.That((failed.Message.Contains("The disk is full", StringComparison.Ordinal), SmallRuns.Actions(policy).Length), Is.EqualTo((true, 21)));
    }

    [Test]
    public void Settings_that_cannot_be_used_are_found_before_a_record_begins()
    {
        var record = new MemoryRecord();
        using var environment = new LineEnvironment();
        var preset = SmallRuns.Preset(50);
        preset.Trainer.Record = record;
        Assert.That(() => new MLContext(seed: 1).Reinforcement().Mbpo(environment, preset).Train(),
            Throws.ArgumentException.With.Message.Contains("All 50 steps would be random exploration"));
        Assert.That(record.Runs, Is.Empty);
    }
}
