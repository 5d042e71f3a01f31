using MbpoML.Algorithms.Mbpo;
using MbpoML.Data;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Tests.Algorithms.Mbpo;

/// <summary>The order of the loop and the known bugs of other implementations, seen from fake stages (spec: official _train and its gotchas).</summary>
public class MbpoLoopTests
{
    private const int Exploration = 40;
    private readonly MLContext _mlContext = new(1);
    private RecordingPolicyEstimator _policy = null!;
    private ExactDynamicsEstimator _dynamics = null!;
    private LineEnvironment _environment = null!;

    [SetUp]
    public void SetUp() => (_policy, _dynamics, _environment) = (new RecordingPolicyEstimator(), new ExactDynamicsEstimator(_mlContext), new LineEnvironment());

    [TearDown]
    public void TearDown() => _environment.Dispose();

    [Test]
    public void Steps_updates_and_refits_are_as_many_as_the_options_say()
    {
        var report = Train(Options());
        Assert.Multiple(() =>
        {
            Assert.That(report.Steps, Is.EqualTo(100));
            Assert.That(_policy.Batches, Has.Count.EqualTo(60 * 3), "G updates for each step after the exploration");
            Assert.That(_dynamics.FittedRows, Is.EqualTo(new long[] { 40, 65, 90 }),
                "a refit before the first policy step, then every 25 steps, each on all data, inside episodes too");
        });
    }

    [Test]
    public void A_minibatch_holds_the_real_rows_and_the_rest_is_imagined()
    {
        Train(Options(options => options.BatchSize = 256));
        var layout = new TransitionLayout(1, 1);
        foreach (var batch in _policy.Batches)
        {
            var imagined = Enumerable.Range(0, 256).Select(row => batch[(row * layout.Width) + layout.RewardOffset] == ExactDynamicsEstimator.MarkedReward);
            Assert.That(imagined.Count(isImagined => !isImagined), Is.EqualTo(12), "int(256 * 0.05) real rows");
        }
    }

    [Test]
    public void With_a_real_ratio_of_one_no_model_is_fitted()
    {
        Train(Options(options => options.RealRatio = 1));
        Assert.That(_dynamics.FittedRows, Is.Empty);
        Assert.That(_policy.Batches, Has.Count.EqualTo(180));
    }

    [Test]
    public void Imagined_rows_of_the_horizon_are_never_terminal()
    {
        Train(Options());
        var layout = new TransitionLayout(1, 1);
        var imagined = _policy.Batches.SelectMany(batch => batch.Chunk(layout.Width))
            .Where(row => row[layout.RewardOffset] == ExactDynamicsEstimator.MarkedReward).ToArray();
        Assert.That(imagined, Is.Not.Empty);
        Assert.That(imagined.Select(row => row[layout.TerminatedOffset]),
            Is.EqualTo(imagined.Select(row => Math.Abs(row[layout.NextObservationOffset]) > 2 ? 1f : 0f)));
    }

    [Test]
    public void Truncated_real_rows_are_not_terminated()
    {
        Train(Options(options => options.RealRatio = 1));
        var layout = new TransitionLayout(1, 1);
        var rows = _policy.Batches.SelectMany(batch => batch.Chunk(layout.Width)).ToArray();
        Assert.That(rows.Where(row => row[layout.TruncatedOffset] == 1), Is.Not.Empty);
        Assert.That(rows.Where(row => row[layout.TruncatedOffset] == 1).Select(row => row[layout.TerminatedOffset]), Has.All.Zero);
    }

    [Test]
    public void Rollout_length_follows_the_schedule_epoch_by_epoch()
    {
        var epochs = new List<int>();
        var report = Train(
            Options(options => options.EpochLength = 25),
            new BranchedRollouts.Options { BatchSize = 10, Schedule = new ScheduleSpy(epochs) });
        Assert.That(epochs, Is.EqualTo([0, 1, 2]));
        Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.RolloutLength]), Is.EqualTo(new double[] { 1, 2, 3 }));
    }

    [Test]
    public void A_schedule_that_shrinks_works()
    {
        var report = Train(
            Options(options => options.EpochLength = 25),
            new BranchedRollouts.Options { BatchSize = 10, Schedule = RolloutSchedule.Linear(0, 2, 5, 1) });
        Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.RolloutLength]), Is.EqualTo(new double[] { 5, 3, 1 }));
    }

    // One refit an epoch, so the pool holds what the last branching imagined; nothing ends a rollout.
    [TestCase(null, new double[] { 100, 200, 300 })]
    [TestCase(1000, new double[] { 100, 200, 300 })]
    [TestCase(100, new double[] { 100, 100, 99 })]
    [TestCase(150, new double[] { 100, 150, 150 })]
    [TestCase(2, new double[] { 2, 2, 3 })]
    public void A_branching_imagines_no_more_transitions_than_the_limit(int? limit, double[] expected)
    {
        var report = Train(
            Options(options => (options.EpochLength, options.Termination) = (25, TerminationFunction.FromRow((_, _, _) => false))),
            new BranchedRollouts.Options { BatchSize = 100, MaxTransitions = limit, Schedule = new ScheduleSpy([]) });
        Assert.Multiple(() =>
        {
            Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.ModelPoolCount]), Is.EqualTo(expected));
            Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.RolloutMeanLength]), Is.EqualTo(new double[] { 1, 2, 3 }),
                "fewer, not shorter ones");
        });
    }

    [Test]
    public void Episodes_go_on_across_epochs_and_no_evaluation_cuts_one()
    {
        // 20-step episodes, epochs of 25 steps, an environment that cannot save its state: evaluations wait for the end of an episode.
        var report = Train(Options(options => (options.EpochLength, options.EvaluationEpisodes) = (25, 1)));
        var training = report.History[^1].Values[MetricNames.TrainingEpisodes];
        Assert.That(training, Is.EqualTo(5), "100 steps are five whole episodes");
        Assert.That(report.History.Select(epoch => epoch.Step), Is.EqualTo([80, 100]));
    }

    [Test]
    public void Logged_transitions_count_as_exploration()
    {
        var rl = _mlContext.Reinforcement();
        var logged = rl.Data.FromTransitions(Enumerable.Range(0, 30).Select(index => new Transition
        {
            Observation = [index / 30f],
            Action = [0.1f],
            Reward = 1,
            NextObservation = [(index + 1) / 30f],
        }));
        rl.Mbpo(_environment, Options(), _dynamics, rl.Rollouts.Branched(RolloutSchedule.Constant(1), 10), _policy).Fit(logged).Dispose();
        Assert.That(_dynamics.FittedRows[0], Is.EqualTo(40), "30 logged and 10 random transitions");
    }

    [Test]
    public void Logged_transitions_of_other_sizes_are_refused()
    {
        var rl = _mlContext.Reinforcement();
        var logged = rl.Data.FromTransitions([new Transition { Observation = [1, 2], Action = [0], Reward = 0, NextObservation = [1, 2] }]);
        Assert.That(
            () => rl.Mbpo(_environment, Options(), _dynamics, null, _policy).Fit(logged),
            Throws.ArgumentException.With.Message.Contains("2 observations and 1 actions"));
    }

    [Test]
    public void Cancelling_keeps_what_was_learned()
    {
        using var source = new CancellationTokenSource();
        _policy = new RecordingPolicyEstimator { OnUpdate = count => { if (count == 50) source.Cancel(); } };
        var exception = Assert.Throws<TrainingCanceledException>(() => Train(Options(options => options.CancellationToken = source.Token)));
        Assert.That(_policy.Batches, Has.Count.EqualTo(50));
        Assert.That(exception!.Report!.Policy, Is.Not.Null);
        Assert.That(exception.Report.Steps, Is.EqualTo(40 + 17));
    }

    [Test]
    public void A_run_that_would_only_explore_is_refused() => Assert.That(
        () => Train(Options(options => options.InitialExplorationSteps = 100)),
        Throws.ArgumentException.With.Message.Contains("random exploration"));

    [Test]
    public void A_model_without_any_data_is_refused() => Assert.That(
        () => Train(Options(options => options.InitialExplorationSteps = 0)),
        Throws.ArgumentException.With.Message.Contains("InitialExplorationSteps to 2 or more"));

    [Test]
    public void Progress_is_told_in_order_and_epochs_reach_it()
    {
        var told = new List<TrainingProgress>();
        var report = Train(Options(options => options.Progress = new ProgressListener(told.Add)));
        Assert.Multiple(() =>
        {
            Assert.That(told.Select(progress => progress.Step), Is.Ordered);
            Assert.That(told[0].Phase, Is.EqualTo(TrainingPhase.Exploring));
            Assert.That(told[^1].Phase, Is.EqualTo(TrainingPhase.Finished));
            Assert.That(told.Select(progress => progress.Phase),
                Is.SupersetOf(new[] { TrainingPhase.FittingModel, TrainingPhase.RollingOut, TrainingPhase.OptimizingPolicy }));
            Assert.That(told.Where(progress => progress.EpochMetrics is not null).Select(progress => progress.EpochMetrics), Is.EqualTo(report.History));
        });
    }

    private static MbpoTrainer.Options Options(Action<MbpoTrainer.Options>? change = null)
    {
        var options = new MbpoTrainer.Options
        {
            Steps = 100,
            EpochLength = 60,
            InitialExplorationSteps = Exploration,
            ModelTrainingInterval = 25,
            UpdatesPerStep = 3,
            BatchSize = 40,
            EvaluationEpisodes = 0,
            Seed = 4,
        };
        change?.Invoke(options);
        return options;
    }

    private TrainingReport Train(MbpoTrainer.Options options, BranchedRollouts.Options? rollouts = null)
    {
        var rl = _mlContext.Reinforcement();
        return rl.Mbpo(_environment, options, _dynamics, rl.Rollouts.Branched(rollouts ?? new BranchedRollouts.Options { BatchSize = 100 }), _policy).Train();
    }

    private sealed class ScheduleSpy(List<int> epochs) : IRolloutSchedule
    {
        public int GetLength(RolloutScheduleContext context)
        {
            epochs.Add(context.Epoch);
            return context.Epoch + 1;
        }
    }
}
