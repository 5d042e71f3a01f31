using MbpoML.Algorithms.Mbpo;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;
using Microsoft.ML;
using LineEnvironment = MbpoML.Tests.Fakes.LineEnvironment;

namespace MbpoML.Tests.Training;

/// <summary>Each fault that an environment can have, in a run that stops and in one that drops the episode.</summary>
[Category("Text")]
public class EnvironmentFaultTests
{
    private const int Exploration = 40, Steps = 100;

    // Far longer than a step takes on a machine that is busy, short enough to wait for.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(0.5);

    private static readonly (Fault Fault, string Says)[] StepFaults =
    [
        (Fault.StepThrows, "it threw IOException: the robot is unplugged"),
        (Fault.StepHangs, "did not come back from Step within 0.5 s"),
        (Fault.RewardIsNaN, "the reward is NaN"),
        (Fault.RewardIsInfinite, "the reward is "),
        (Fault.ObservationIsNaN, "dimension 0 of the observation is NaN"),
        (Fault.ObservationIsInfinite, "dimension 0 of the observation is 1E+300"),
        (Fault.ObservationIsTooLong, "it threw ArgumentException"),
        (Fault.ObservationIsTooShort, "dimension 0 of the observation is NaN"),
    ];

    private static readonly (Fault Fault, string Says)[] ResetFaults =
    [
        (Fault.ResetThrows, "reset: it threw IOException: the robot is stuck"),
        (Fault.ResetIsNaN, "reset: dimension 0 of the observation is NaN"),
        (Fault.ResetHangs, "did not come back from Reset within 0.5 s"),
    ];

    private readonly List<float[]> _realRows = [];

    private static IEnumerable<TestCaseData> EveryStepFault =>
        from fault in StepFaults
        from moment in new (int Step, OverlappedStages Overlap)[] { (10, OverlappedStages.None), (70, OverlappedStages.None),
            (70, OverlappedStages.Environment) }
        select new TestCaseData(fault.Fault, fault.Says, moment.Step, moment.Overlap);

    private static IEnumerable<TestCaseData> EveryResetFault =>
        from fault in ResetFaults
        from moment in new (int Reset, OverlappedStages Overlap)[] { (1, OverlappedStages.None), (5, OverlappedStages.None), (5, OverlappedStages.Environment) }
        select new TestCaseData(fault.Fault, fault.Says, moment.Reset, moment.Overlap);

    [SetUp]
    public void SetUp() => _realRows.Clear();

    [TestCaseSource(nameof(EveryStepFault))]
    public void A_step_that_fails_stops_the_run_and_what_was_collected_stays(Fault fault, string says, int step, OverlappedStages overlap)
    {
        using var environment = new FaultyEnvironment(fault, call => call == step);
        var failed = Assert.Throws<TrainingFailedException>(() => Train(environment, options => options.Overlap = overlap))!;
        var cause = (EnvironmentException)failed.InnerException!;
        Assert.Multiple(() =>
        {
            Assert.That(cause.Message, Does.Contain(says).And.Contain($"FaultyEnvironment, episode {cause.Episode}, step {cause.Step}"));
            Assert.That(cause.Step, Is.GreaterThan(0));
            Assert.That(failed.Message, Does.Contain($"failed after {step - 1} steps").And.Contain(cause.Message).And.Contain("Report"));
            Assert.That(failed.Report!.Steps, Is.EqualTo(step - 1));
            Assert.That(failed.Report.Policy.Act([0.5f]), Has.All.Matches<float>(float.IsFinite));
            Assert.That(failed.Report.History.Select(epoch => epoch.Step), Is.EqualTo(step > 60 ? [60] : Array.Empty<int>()), "the closed epochs");
        });
    }

    [TestCaseSource(nameof(EveryStepFault))]
    public void A_step_that_fails_drops_its_episode_and_the_run_goes_on(Fault fault, string says, int step, OverlappedStages overlap)
    {
        var dropped = new List<string>();
        using var environment = new FaultyEnvironment(fault, call => call == step);
        var report = Train(environment, options => (options.Overlap, options.FailedEpisodes) = (overlap, FailedEpisodes.Drop), dropped, environment.Gate.Set);
        Assert.Multiple(() =>
        {
            Assert.That(report.Steps, Is.EqualTo(Steps));
            Assert.That(environment.Steps, Is.EqualTo(Steps + 1), "the step that failed counts as none");
            Assert.That(report.History[^1].Values[MetricNames.TrainingFailedEpisodes], Is.EqualTo(1));
            Assert.That(environment.Resets, Is.GreaterThanOrEqualTo(report.History[^1].Values[MetricNames.TrainingEpisodes] + 1));
            Assert.That(environment.Seeds, Is.Unique, "another start after the failure");
            Assert.That(dropped, Has.Count.EqualTo(1).And.All.Contains(says));
        });
        CheckRealRows();
    }

    [TestCaseSource(nameof(EveryResetFault))]
    public void A_reset_that_fails_stops_the_run(Fault fault, string says, int reset, OverlappedStages overlap)
    {
        using var environment = new FaultyEnvironment(fault, call => call == reset);
        var failed = Assert.Throws<TrainingFailedException>(() => Train(environment, options => options.Overlap = overlap))!;
        Assert.That(failed.InnerException, Is.TypeOf<EnvironmentException>().With.Message.Contains(says).And.Property(nameof(EnvironmentException.Step)).Zero);
        // Overlapped, the last step of an episode counts before the reset after it.
        Assert.That(failed.Report!.Steps, Is.EqualTo(environment.Steps));
    }

    [TestCaseSource(nameof(EveryResetFault))]
    public void A_reset_that_fails_is_tried_again_with_another_seed(Fault fault, string says, int reset, OverlappedStages overlap)
    {
        var dropped = new List<string>();
        using var environment = new FaultyEnvironment(fault, call => call == reset);
        var report = Train(environment, options => (options.Overlap, options.FailedEpisodes) = (overlap, FailedEpisodes.Drop), dropped, environment.Gate.Set);
        Assert.Multiple(() =>
        {
            Assert.That((report.Steps, environment.Steps), Is.EqualTo((Steps, Steps)));
            Assert.That(report.History[^1].Values[MetricNames.TrainingFailedEpisodes], Is.EqualTo(1));
            Assert.That(environment.Seeds, Is.Unique);
            Assert.That(dropped, Has.Count.EqualTo(1).And.All.Contains(says));
        });
        CheckRealRows();
    }

    [TestCase(1)]
    [TestCase(4)]
    public void Too_many_failures_in_a_row_stop_the_run(int most)
    {
        using var environment = new FaultyEnvironment(Fault.ResetThrows, call => call > 3);
        var failed = Assert.Throws<TrainingFailedException>(
            () => Train(environment, options => (options.FailedEpisodes, options.MaxFailedEpisodesInARow) = (FailedEpisodes.Drop, most)))!;
        Assert.That(environment.Resets, Is.EqualTo(3 + most));
        Assert.That(failed.Message, Does.Contain($"{most} episodes in a row failed").And.Contain("the robot is stuck"));
        Assert.That(failed.InnerException, Is.TypeOf<EnvironmentException>());
    }

    [Test]
    public void Failures_with_good_episodes_between_them_stop_nothing()
    {
        using var environment = new FaultyEnvironment(Fault.ResetThrows, call => call % 2 == 0);
        var report = Train(environment, options => (options.FailedEpisodes, options.MaxFailedEpisodesInARow) = (FailedEpisodes.Drop, 2));
        Assert.That(report.History[^1].Values[MetricNames.TrainingFailedEpisodes], Is.GreaterThan(2));
    }

    [Test]
    public void An_environment_that_hangs_for_good_stops_the_run_also_where_episodes_are_dropped()
    {
        using var environment = new FaultyEnvironment(Fault.StepHangs, call => call == 15);
        var failed = Assert.Throws<TrainingFailedException>(() => Train(
            environment,
            options => (options.FailedEpisodes, options.MaxFailedEpisodesInARow, options.StepTimeout) = (FailedEpisodes.Drop, 3, TimeSpan.FromSeconds(0.2))))!;
        Assert.That(failed.InnerException!.Message, Does.Contain("3 episodes in a row failed").And.Contain("did not come back from Step"));
    }

    [TestCase(FailedEpisodes.Stop)]
    [TestCase(FailedEpisodes.Drop)]
    public void An_evaluation_that_fails_stops_the_run_or_is_left_out(FailedEpisodes reaction)
    {
        using var training = new LineEnvironment();
        using var evaluation = new FaultyEnvironment(Fault.StepThrows, call => call == 1);
        TrainingReport Run() => Train(
            training, options => (options.EvaluationEnvironment, options.EvaluationEpisodes, options.EpochLength, options.FailedEpisodes) =
                (evaluation, 2, 30, reaction));
        if (reaction == FailedEpisodes.Stop)
        {
            Assert.That(Run, Throws.TypeOf<TrainingFailedException>().With.InnerException.TypeOf<EnvironmentException>());
            return;
        }
        var report = Run();
        Assert.That(report.History.Select(epoch => epoch.EvaluationReturn is null), Is.EqualTo([true, false]));
        Assert.That(report.History[^1].Values[MetricNames.TrainingFailedEpisodes], Is.EqualTo(1));
    }

    [Test]
    public void An_evaluation_that_fails_in_the_training_environment_drops_the_episode_that_lent_it()
    {
        using var environment = new BrokenPendulum(failingStep: 61);
        var report = Train(
            environment, options => (options.EvaluationEpisodes, options.EpochLength, options.FailedEpisodes, options.MaxEpisodeSteps) =
                (1, 20, FailedEpisodes.Drop, 50));
        Assert.That(report.History.Select(epoch => epoch.EvaluationReturn is null), Is.EqualTo([true, false, false]));
        Assert.That(environment.ResetsAfterFailure, Is.EqualTo(1), "the training episode was not gone on with");
        Assert.That(report.Steps, Is.EqualTo(Steps));
    }

    [Test]
    public void Dropping_changes_nothing_where_nothing_fails()
    {
        float[] Learn(FailedEpisodes reaction, TimeSpan? timeout)
        {
            var preset = SmallRuns.Preset(120);
            (preset.Trainer.FailedEpisodes, preset.Trainer.StepTimeout) = (reaction, timeout);
            return SmallRuns.Train(new MLContext(1).Reinforcement(), preset);
        }

        Assert.That(Learn(FailedEpisodes.Drop, TimeSpan.FromMinutes(1)), Is.EqualTo(Learn(FailedEpisodes.Stop, null)));
    }

    [Test]
    public void The_trainer_does_not_dispose_an_environment_that_it_watches()
    {
        var environment = new DisposalSpy();
        Train(environment, options => options.StepTimeout = Timeout).Policy.Dispose();
        Assert.That(environment.Disposals, Is.Zero);
    }

    [TestCase(nameof(MbpoTrainer.Options.StepTimeout), 0)]
    [TestCase(nameof(MbpoTrainer.Options.StepTimeout), -1)]
    [TestCase(nameof(MbpoTrainer.Options.StepTimeout), 1e9)]
    [TestCase(nameof(MbpoTrainer.Options.FailedEpisodes), 7)]
    [TestCase(nameof(MbpoTrainer.Options.MaxFailedEpisodesInARow), 0)]
    public void Options_out_of_range_are_refused_by_name(string name, double value)
    {
        var options = new MbpoTrainer.Options();
        var property = typeof(MbpoTrainer.Options).GetProperty(name)!;
        property.SetValue(options, name == nameof(MbpoTrainer.Options.StepTimeout) ? TimeSpan.FromSeconds(value) : (int)value);
        using var environment = new LineEnvironment();
        Assert.That(() => new MLContext(1).Reinforcement().Mbpo(environment, options),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(name));
    }

    private TrainingReport Train(IEnvironment environment, Action<MbpoTrainer.Options> change, List<string>? dropped = null, Action? onDrop = null)
    {
        var mlContext = new MLContext(1);
        mlContext.Log += (_, line) =>
        {
            if (!line.Message.Contains("episode was dropped", StringComparison.Ordinal)) return;
            dropped?.Add(line.Message);
            onDrop?.Invoke();
        };
        var policy = new RecordingPolicyEstimator();
        var options = new MbpoTrainer.Options
        {
            Steps = Steps,
            EpochLength = 20,
            InitialExplorationSteps = Exploration,
            UpdatesPerStep = 3,
            BatchSize = 40,
            RealRatio = 1,
            EvaluationEpisodes = 0,
            MaxEpisodeSteps = 12,
            StepTimeout = environment is FaultyEnvironment { Hangs: true } ? Timeout : null,
            Seed = 4,
        };
        change(options);
        var rl = mlContext.Reinforcement();
        var report = rl.Mbpo(environment, options, new ExactDynamicsEstimator(mlContext), rl.Rollouts.Branched(RolloutSchedule.Constant(1), 10),
            policy).Train();
        _realRows.AddRange(policy.Batches.SelectMany(batch => batch.Chunk(new TransitionLayout(environment.ObservationSpace.Size, 1).Width)));
        return report;
    }

    // Every row is a step that the line really made, with a termination flag only where the line ends.
    private void CheckRealRows()
    {
        var layout = new TransitionLayout(1, 1);
        Assert.That(_realRows, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (var row in _realRows.DistinctBy(row => string.Join(' ', row)))
            {
                var next = row[layout.NextObservationOffset];
                Assert.That(next, Is.EqualTo(row[0] + (0.3 * row[layout.ActionOffset])).Within(1e-5));
                Assert.That(row[layout.RewardOffset], Is.EqualTo(1 - Math.Abs(next)).Within(1e-5));
                Assert.That(row[layout.TerminatedOffset], Is.EqualTo(Math.Abs(next) > 2 ? 1f : 0f));
            }
        });
    }

    private sealed class BrokenPendulum(int failingStep) : EnvironmentWrapper(new PendulumEnvironment())
    {
        private int _steps;
        private bool _failed;

        public int ResetsAfterFailure { get; private set; }

        public override void Reset(int seed, Span<double> observation)
        {
            if (_failed && _steps == failingStep) ResetsAfterFailure++;
            base.Reset(seed, observation);
        }

        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            _failed |= ++_steps == failingStep;
            return _steps == failingStep ? throw new IOException("out of order") : base.Step(action, observation);
        }
    }

    private sealed class DisposalSpy() : EnvironmentWrapper(new LineEnvironment())
    {
        public int Disposals { get; private set; }

        protected override void Dispose(bool disposing)
        {
            Disposals++;
            base.Dispose(disposing);
        }
    }
}
