using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.Extensions.Logging;
using Microsoft.ML;

namespace MbpoML.Tests.Training.Checkpoints;

/// <summary>When checkpoints are written, which runs may go on from them, and what is said where one may not.</summary>
[Category("Text")]
public class ResumeRulesTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("mbpo-rules-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Checkpoints_come_every_so_many_steps_and_at_the_end_and_only_the_newest_stay()
    {
        Train(Preset(150, every: 40, keep: 2)).Policy.Dispose();
        Assert.That(Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order(),
            Is.EqualTo(new[] { "step-000000000120.checkpoint", "step-000000000150.checkpoint" }));
    }

    [Test]
    public void A_checkpoint_older_than_an_option_had_its_default()
    {
        const string Option = "SoftActorCriticTrainer.Options.ValueExpansionSteps";
        RunSettings Settings(int steps)
        {
            using var environment = new LineEnvironment();
            var policy = new MLContext(seed: 1).Reinforcement().Policies.SoftActorCritic(new() { ValueExpansionSteps = steps });
            return new RunSettings(environment, new MbpoTrainer.Options(), new Dictionary<string, object> { ["policy"] = policy });
        }

        var older = RunSettings.ToText(Settings(0).Values.Where(setting => setting.Key != Option).ToDictionary());
        Assert.Multiple(() =>
        {
            Assert.That(Settings(0).Values, Does.ContainKey(Option));
            Assert.That(Settings(0).Differences(older), Is.Empty);
            Assert.That(Settings(2).Differences(older), Is.EqualTo(new[] { $"{Option} was 0 and is 2" }));
        });
    }

    [Test]
    public void A_run_that_is_over_gives_the_same_report_again()
    {
        var first = Train(Preset(100));
        var again = Resume(Preset(100));
        Assert.That(StopAndGo.Metrics(again), Is.EqualTo(StopAndGo.Metrics(first)));
        Assert.That(Actions(again.Policy), Is.EqualTo(Actions(first.Policy)));
        Assert.That(again.Elapsed, Is.GreaterThan(TimeSpan.Zero));
        first.Policy.Dispose();
        again.Policy.Dispose();
    }

    [Test]
    public void A_run_that_goes_on_for_more_steps_is_the_longer_run()
    {
        Train(Preset(120)).Policy.Dispose();
        var longer = Resume(Preset(180));
        Directory.Delete(_folder, recursive: true);
        var whole = Train(Preset(180));
        Assert.That(Actions(longer.Policy), Is.EqualTo(Actions(whole.Policy)));
        Assert.That(longer.Steps, Is.EqualTo(180));
        longer.Policy.Dispose();
        whole.Policy.Dispose();
    }

    [Test]
    public void Threads_and_workers_may_change_and_change_nothing()
    {
        Train(Preset(120)).Policy.Dispose();
        var preset = Preset(180);
        (preset.Trainer.Threads, preset.Policy.Workers, preset.Dynamics.Workers, preset.Trainer.Device) = (2, 2, 2, "cpu");
        var resumed = Resume(preset);
        Directory.Delete(_folder, recursive: true);
        var whole = Train(Preset(180));
        Assert.That(Actions(resumed.Policy), Is.EqualTo(Actions(whole.Policy)));
        resumed.Policy.Dispose();
        whole.Policy.Dispose();
    }

    [Test]
    public void Other_settings_are_refused_and_named()
    {
        Train(Preset(100)).Policy.Dispose();
        var preset = Preset(100);
        (preset.Trainer.UpdatesPerStep, preset.Policy.HiddenSizes, preset.Rollouts.BatchSize) = (5, [32, 16], 400);
        Assert.That(() => Resume(preset), Throws.TypeOf<CheckpointException>()
            .With.Message.Contains("MbpoTrainer.Options.UpdatesPerStep was 4 and is 5")
            .And.Message.Contains("SoftActorCriticTrainer.Options.HiddenSizes was [32, 32] and is [32, 16]")
            .And.Message.Contains("BranchedRollouts.Options.BatchSize was 500 and is 400"));
        preset = Preset(100);
        preset.Trainer.Seed = 77;
        Assert.That(() => Resume(preset), Throws.TypeOf<CheckpointException>().With.Message.Contains("Seed is 77"));
        using var line = new LineEnvironment();
        Assert.That(() => Resume(Preset(100), line), Throws.TypeOf<CheckpointException>().With.Message.Contains("environment: observations was 3 and is 1"));
    }

    [Test]
    public void A_new_run_takes_no_folder_in_use()
    {
        Train(Preset(100)).Policy.Dispose();
        var before = File.ReadAllBytes(Directory.EnumerateFiles(_folder).Single());
        Assert.That(() => Train(Preset(100)), Throws.TypeOf<CheckpointException>().With.Message.Contains("Resume").And.Message.Contains(_folder));
        Assert.That(File.ReadAllBytes(Directory.EnumerateFiles(_folder).Single()), Is.EqualTo(before));
    }

    [Test]
    public void Where_there_is_no_checkpoint_the_message_says_so()
    {
        Assert.That(() => Resume(Preset(100)), Throws.TypeOf<CheckpointException>().With.Message.Contains("There is no checkpoint"));
        Assert.That(() => Resume(Preset(100), path: Path.Combine(_folder, "none")),
            Throws.TypeOf<CheckpointException>().With.Message.Contains("cannot be opened"));
        Assert.That(() => Resume(Preset(100), path: " "), Throws.ArgumentException);
        Assert.That(Checkpointing.Exists(_folder), Is.False);
    }

    [Test]
    public void An_environment_without_a_state_begins_a_new_episode_and_the_record_says_so()
    {
        using var source = new CancellationTokenSource();
        var preset = Preset(150);
        preset.Trainer.CancellationToken = source.Token;
        using (var stopped = Hooked(step => { if (step == 107) source.Cancel(); }))
            Assert.That(() => Train(preset, stopped), Throws.TypeOf<TrainingCanceledException>());

        List<string> lines = [];
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(new ListLoggerProvider(lines)));
        using var line = new LineEnvironment();
        var report = new MLContext(1).Reinforcement(factory).Mbpo(line, Preset(150)).Resume(_folder);
        report.Policy.Dispose();
        Assert.That(lines, Has.Some.Contains("with a new episode"));
        Assert.That(report.History[^1].Values[MetricNames.TrainingCutEpisodes], Is.EqualTo(1));
        Assert.That(line.Steps, Is.EqualTo(150 - 107));
        Assert.That(report.Steps, Is.EqualTo(150));
    }

    [Test]
    public void A_custom_dynamics_estimator_is_fitted_again_to_what_it_had_seen()
    {
        TrainingReport Go(ExactDynamicsEstimator dynamics, IEnvironment environment, Func<MbpoTrainer, TrainingReport> go, CancellationToken token)
        {
            var preset = Preset(150);
            preset.Trainer.CancellationToken = token;
            var rl = new MLContext(1).Reinforcement();
            return go(rl.Mbpo(environment, preset.Trainer, dynamics, rl.Rollouts.Branched(preset.Rollouts), rl.Policies.SoftActorCritic(preset.Policy)));
        }

        using var source = new CancellationTokenSource();
        using var stopped = Hooked(step => { if (step == 118) source.Cancel(); });
        Assert.That(() => Go(new ExactDynamicsEstimator(new MLContext(1)), stopped, trainer => trainer.Train(), source.Token),
            Throws.TypeOf<TrainingCanceledException>());
        using var line = new LineEnvironment();
        var dynamics = new ExactDynamicsEstimator(new MLContext(1));
        var resumed = Go(dynamics, line, trainer => trainer.Resume(_folder), default);
        Assert.That(dynamics.FittedRows, Is.EqualTo(new[] { 100L }), "the refit after 100 steps once more; the next one would be after 150");
        Assert.That(resumed.History[^1].Values[MetricNames.TrainingUpdates], Is.EqualTo(400));
        resumed.Policy.Dispose();
    }

    [Test]
    public void A_policy_learner_that_cannot_be_saved_is_refused_before_the_run()
    {
        using var line = new LineEnvironment();
        var preset = Preset(100);
        var rl = new MLContext(1).Reinforcement();
        var trainer = rl.Mbpo(line, preset.Trainer, new ExactDynamicsEstimator(new MLContext(1)), rl.Rollouts.Branched(preset.Rollouts),
            new RecordingPolicyEstimator());
        Assert.That(() => trainer.Train(), Throws.InvalidOperationException.With.Message.Contains(nameof(ISaved)));
        Assert.That(line.Steps, Is.Zero);
    }

    [Test]
    public void A_run_that_fails_leaves_a_checkpoint_to_go_on_from()
    {
        using (var failing = Hooked(step => { if (step == 93) throw new FormatException("the sensor is gone"); }))
            Assert.That(() => Train(Preset(150), failing), Throws.Exception);
        using var line = new LineEnvironment();
        Resume(Preset(150), line).Policy.Dispose();
        Assert.That(line.Steps, Is.EqualTo(150 - 92));
    }

    private static HookedLineEnvironment Hooked(Action<int> atStep) => new()
    {
        OnStep = (step, result) =>
        {
            atStep(step);
            return result;
        },
    };

    private static TrainingReport Train(MbpoPreset preset, IEnvironment? environment = null)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var pendulum = rl.Environments.Pendulum();
        return rl.Mbpo(environment ?? pendulum, preset).Train();
    }

    private TrainingReport Resume(MbpoPreset preset, IEnvironment? environment = null, string? path = null)
    {
        // Another seed of the context: the run keeps its own.
        var rl = new MLContext(seed: 2).Reinforcement();
        using var pendulum = rl.Environments.Pendulum();
        return rl.Mbpo(environment ?? pendulum, preset).Resume(path ?? _folder);
    }

    // Says which policy it is.
    private static float[] Actions(PolicyTransformer policy) =>
        [.. Enumerable.Range(-10, 21).Select(index => policy.Act([MathF.Cos(index), MathF.Sin(index), index / 2f])[0])];

    private MbpoPreset Preset(int steps, int? every = null, int keep = 3)
    {
        var preset = SmallRuns.Preset(steps);
        preset.Trainer.Checkpoints = new Checkpointing { Folder = _folder, Every = null, EverySteps = every, Keep = keep };
        return preset;
    }
}
