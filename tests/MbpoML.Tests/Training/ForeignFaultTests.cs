using MbpoML.Algorithms.Mbpo;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Saving;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Training.Checkpoints;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using MbpoML.Training.Schedules;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using static TorchSharp.torch;
using LineEnvironment = MbpoML.Tests.Fakes.LineEnvironment;

namespace MbpoML.Tests.Training;

/// <summary>What the caller's own code throws inside a run, in each place where a run calls it: the run ends, and what it had learned stays.</summary>
public class ForeignFaultTests
{
    private const int Exploration = 40;

    private static readonly Dictionary<string, Action<Stages, Action>> Places = new()
    {
        ["metrics writer"] = (stages, fail) => stages.Options.MetricsWriters = [new Writer(fail)],
        ["receiver of progress"] = (stages, fail) => stages.Options.Progress = new ProgressListener(_ => fail()),
        ["dynamics estimator"] = (stages, fail) => stages.Dynamics = new Failing(stages.Dynamics, fail),
        ["policy learner"] = (stages, fail) => stages.Policy = new RecordingPolicyEstimator { OnUpdate = _ => fail() },
        ["rollout schedule"] = (stages, fail) => stages.Rollouts.Schedule = new Schedule(fail),
        ["model-training schedule"] = (stages, fail) => stages.Options.ModelTrainingSchedule = new Schedule(fail),
        ["rollout rule"] = (stages, fail) => stages.Rollouts.Rule = new Rule(fail),
        ["reward function"] = (stages, fail) => stages.Options.Reward = RewardFunction.FromTensors((_, _, next) =>
        {
            fail();
            return next.select(1, 0).clone();
        }),
        ["termination function"] = (stages, fail) => stages.Options.Termination = TerminationFunction.FromTensors((_, _, next) =>
        {
            fail();
            return next.select(1, 0).isnan();
        }),
    };

    private static IEnumerable<string> Names => Places.Keys;

    [Test]
    public void It_ends_the_run_with_the_policy_and_the_metrics_so_far(
        [ValueSource(nameof(Names))] string place, [Values(OverlappedStages.None, OverlappedStages.Environment)] OverlappedStages overlap)
    {
        var threads = get_num_threads();
        var fault = new FormatException("the plug is out");
        var calls = 0;
        var stages = new Stages();
        (stages.Options.Overlap, stages.Options.Threads) = (overlap, threads + 1);
        // The first time all is well.
        Places[place](stages, () =>
        {
            if (++calls > 1) throw fault;
        });
        var failed = Assert.Throws<TrainingFailedException>(() => stages.Train())!;
        Assert.Multiple(() =>
        {
            Assert.That(failed.InnerException, Is.SameAs(fault));
            Assert.That(failed.Message,
                Does.Contain("FormatException: the plug is out. The last good policy").And.Contain($"failed after {failed.Report!.Steps} steps"));
            Assert.That(failed.Report!.Policy.Act([0.5f]), Has.All.Matches<float>(float.IsFinite));
            Assert.That(failed.Report.Steps, Is.InRange(0, 100));
            Assert.That(failed.Report.History, Has.Count.EqualTo(place == "metrics writer" ? 2 : failed.Report.Steps > 60 ? 1 : 0), "closed epochs");
            Assert.That(get_num_threads(), Is.EqualTo(threads), "the caller's number of threads is back");
        });
        failed.Report!.Policy.Dispose();
    }

    [Test]
    public void A_cancellation_that_nobody_asked_for_is_a_fault_of_what_threw_it(
        [ValueSource(nameof(Names))] string place, [Values(OverlappedStages.None, OverlappedStages.Environment)] OverlappedStages overlap)
    {
        using var own = new CancellationTokenSource();
        using var runs = new CancellationTokenSource();
        own.Cancel();
        var fault = new OperationCanceledException("gave up waiting", own.Token);
        var calls = 0;
        var stages = new Stages();
        (stages.Options.Overlap, stages.Options.CancellationToken) = (overlap, runs.Token);
        Places[place](stages, () =>
        {
            if (++calls > 1) throw fault;
        });
        var failed = Assert.Throws<TrainingFailedException>(() => stages.Train())!;
        Assert.That(failed.InnerException, Is.SameAs(fault));
        Assert.That(failed.Message, Does.Contain("OperationCanceledException: gave up waiting"));
        failed.Report!.Policy.Dispose();
    }

    [Test]
    public void A_cancellation_through_the_runs_token_stays_one_and_leaves_the_report_too()
    {
        using var source = new CancellationTokenSource();
        var stages = new Stages();
        stages.Options.CancellationToken = source.Token;
        stages.Options.Progress = new ProgressListener(progress =>
        {
            if (progress.Step < 70) return;
            source.Cancel();
            source.Token.ThrowIfCancellationRequested();
        });
        var cancelled = Assert.Throws<TrainingCanceledException>(() => stages.Train())!;
        Assert.That(cancelled.CancellationToken, Is.EqualTo(source.Token));
        Assert.That(cancelled.Report!.Steps, Is.EqualTo(70));
        cancelled.Report.Policy.Dispose();
    }

    [Test]
    public void A_learner_that_gives_no_policy_any_more_does_not_hide_what_ended_the_run()
    {
        List<string> lines = [];
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(new ListLoggerProvider(lines)));
        var stages = new Stages
        {
            Policy = new RecordingPolicyEstimator
            {
                OnUpdate = _ => throw new FormatException("the plug is out"),
                OnToTransformer = () => throw new NotSupportedException("nothing left")
            },
        };
        var failed = Assert.Throws<TrainingFailedException>(() => stages.Train(factory))!;
        Assert.That(failed.InnerException, Is.TypeOf<FormatException>());
        Assert.That(failed.Message, Does.Contain($"failed after {Exploration + 1} steps").And.Contain("gives no policy any more"));
        Assert.That(failed.Report, Is.Null);
        Assert.That(lines, Has.Some.Contains("nothing left"));
    }

    // What a writer that fails leaves is half a step: the run goes on from the checkpoint before it.
    [Test]
    public void A_run_that_a_writer_ended_goes_on_as_if_nothing_had_been()
    {
        using var folder = new TemporaryFolder();
        var undisturbed = Learn(folder["undisturbed"], new Writer(() => { }));
        var written = 0;
        Assert.That(() => Learn(folder["run"], new Writer(() => { if (++written == 2) throw new IOException("disk full"); })),
            Throws.TypeOf<TrainingFailedException>());
        Assert.That(Directory.EnumerateFiles(folder["run"]).Select(Path.GetFileName), Is.EqualTo(new[] { "step-000000000060.checkpoint" }),
            "before the second epoch's end, at 90 steps");
        Assert.That(Learn(folder["run"], new Writer(() => { })), Is.EqualTo(undisturbed));
        Assert.That(CheckpointContent.Of(folder["run"]), Is.EquivalentTo(CheckpointContent.Of(folder["undisturbed"])));
    }

    // The listener that heard of the epoch throws before the step is over; the checkpoint has the epoch, once.
    [Test]
    public void A_run_that_a_listener_cancels_goes_on_as_if_nothing_had_been()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var undisturbed = Learn(folder["undisturbed"], new Writer(() => { }));
        Assert.That(() => Learn(folder["run"], new Writer(() =>
        {
            source.Cancel();
            source.Token.ThrowIfCancellationRequested();
        }), token: source.Token), Throws.TypeOf<TrainingCanceledException>());
        Assert.That(Learn(folder["run"], new Writer(() => { })), Is.EqualTo(undisturbed));
        Assert.That(CheckpointContent.Of(folder["run"]), Is.EquivalentTo(CheckpointContent.Of(folder["undisturbed"])));
    }

    [Test]
    public void A_checkpoint_that_cannot_be_written_ends_the_run_with_its_report()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        var failed = Assert.Throws<TrainingFailedException>(() => Learn(folder["file", "checkpoints"], new Writer(() => { })))!;
        Assert.That(failed.InnerException, Is.TypeOf<CheckpointException>().With.Message.Contains("The checkpoint of step 60 cannot be written"));
        Assert.That(failed.Report!.Steps, Is.EqualTo(60));
        failed.Report.Policy.Dispose();
    }

    [Test]
    public void An_environment_that_cannot_give_its_state_does_not_hide_how_it_failed()
    {
        using var folder = new TemporaryFolder();
        using var environment = new Stuck();
        var failed = Assert.Throws<TrainingFailedException>(() => Learn(folder["checkpoints"], new Writer(() => { }), environment))!;
        Assert.That(failed.InnerException, Is.TypeOf<EnvironmentException>().With.Message.Contains("the arm is stuck"));
        Assert.That(failed.Message, Does.Contain("The checkpoint of step 50 cannot be written").And.Contain("no state"));
        failed.Report!.Policy.Dispose();
    }

    // Epochs end after 60, 90 and 120 steps.
    private static string[] Learn(string checkpoints, Writer writer, IEnvironment? environment = null, CancellationToken token = default)
    {
        var preset = SmallRuns.Preset(120);
        (preset.Trainer.EpochLength, preset.Trainer.InitialExplorationSteps, preset.Trainer.MaxEpisodeSteps, preset.Dynamics.MaxOptimizerSteps) =
            (30, 30, 50, 30);
        (preset.Trainer.MetricsWriters, preset.Trainer.CancellationToken) = ([writer], token);
        preset.Trainer.Checkpoints = new Checkpointing { Folder = checkpoints, EverySteps = 60, Every = null, Keep = 1 };
        var rl = new MLContext(seed: 1).Reinforcement();
        using var pendulum = rl.Environments.Pendulum();
        var trainer = rl.Mbpo(environment ?? pendulum, preset);
        var report = Checkpointing.Exists(checkpoints) ? trainer.Resume(checkpoints) : trainer.Train();
        report.Policy.Dispose();
        return StopAndGo.Metrics(report);
    }

    /// <summary>A run whose stages are all the caller's own; epochs end after 60 and 80 steps, and at 100.</summary>
    private sealed class Stages
    {
        public MbpoTrainer.Options Options { get; } = new()
        {
            Steps = 100,
            EpochLength = 20,
            InitialExplorationSteps = Exploration,
            ModelTrainingInterval = 15,
            UpdatesPerStep = 1,
            BatchSize = 40,
            EvaluationEpisodes = 0,
            Seed = 4,
        };

        public BranchedRollouts.Options Rollouts { get; } = new() { BatchSize = 10 };

        public IEstimator<ITransformer> Dynamics { get; set; } = new ExactDynamicsEstimator(new MLContext(1));

        public RecordingPolicyEstimator Policy { get; set; } = new();

        public TrainingReport Train(ILoggerFactory? loggers = null)
        {
            using var environment = new LineEnvironment();
            var rl = new MLContext(1).Reinforcement(loggers);
            return rl.Mbpo(environment, Options, Dynamics, rl.Rollouts.Branched(Rollouts), Policy).Train();
        }
    }

    private sealed class Writer(Action onWrite) : IMetricsWriter
    {
        public void Write(long step, IReadOnlyDictionary<string, double> metrics) => onWrite();

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Failing(IEstimator<ITransformer> inner, Action onFit) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            onFit();
            return inner.Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
    }

    private sealed class Schedule(Action onAsked) : IRolloutSchedule, IModelTrainingSchedule
    {
        public int GetLength(RolloutScheduleContext context) => One();

        public int GetInterval(ModelTrainingScheduleContext context) => One();

        private int One()
        {
            onAsked();
            return 1;
        }
    }

    private sealed class Rule(Action onAsked) : IRolloutRule
    {
        public RolloutVerdict Judge(RolloutStep step)
        {
            onAsked();
            return new RolloutVerdict(GoesOn: step.Reward.isfinite());
        }
    }

    /// <summary>A pendulum that can be reset once.</summary>
    private sealed class Stuck() : EnvironmentWrapper(new PendulumEnvironment())
    {
        private bool _isStuck;
        private int _resets;

        public override void Reset(int seed, Span<double> observation)
        {
            _isStuck = ++_resets > 1;
            if (_isStuck) throw new IOException("the arm is stuck");
            base.Reset(seed, observation);
        }

        public override void GetState(Span<double> state)
        {
            if (_isStuck) throw new NotSupportedException("no state");
            base.GetState(state);
        }
    }
}
