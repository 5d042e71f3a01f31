using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Saving;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;
using Microsoft.Extensions.Logging.Abstractions;

namespace MbpoML.Tests.Training;

/// <summary>What an epoch measured, when it closes, who is told, and what a stopped run keeps of it.</summary>
public class EpochRecorderTests
{
    [Test]
    public void An_epoch_closes_between_episodes_where_evaluating_would_cut_one()
    {
        using var house = new House();
        house.Step(LineEnvironment.EpisodeLength - 3);
        house.Recorder.EpochEnded(0);
        house.Recorder.StepEnded(1);
        Assert.That(house.Written, Is.Empty, "an episode is under way");
        house.Step(3);
        house.Recorder.StepEnded(1);
        var (step, metrics) = house.Written.Single();
        Assert.Multiple(() =>
        {
            Assert.That(step, Is.EqualTo(LineEnvironment.EpisodeLength));
            Assert.That(metrics[MetricNames.TrainingEpisodes], Is.EqualTo(1));
            Assert.That(metrics.Keys,
                Contains.Item(MetricNames.EvaluationReturnMean).And.Contains(MetricNames.TrainingReturnMean).And.Contains(MetricNames.EvaluationSeconds));
        });
    }

    [Test]
    public void An_epoch_whose_evaluation_never_became_possible_closes_without_one_when_the_next_ends()
    {
        using var house = new House();
        house.Step(5);
        house.Recorder.EpochEnded(0);
        house.Recorder.StepEnded(1);
        house.Step(5);
        house.Recorder.EpochEnded(1);
        Assert.That(house.Written.Single().Metrics.Keys, Has.No.Member(MetricNames.EvaluationReturnMean));
        var report = house.Recorder.Finish(2);
        Assert.Multiple(() =>
        {
            Assert.That(report.History.Select(epoch => epoch.Epoch), Is.EqualTo(new[] { 0, 1 }));
            Assert.That(report.History[1].EvaluationReturn, Is.Not.Null, "at the end of a run nothing is cut");
        });
    }

    [Test]
    public void Later_metrics_replace_earlier_ones_and_belong_to_one_epoch_only()
    {
        using var house = new House(evaluations: 0);
        house.Recorder.Add(new Dictionary<string, double> { ["a"] = 1, ["b"] = 2 });
        house.Recorder.Add(new Dictionary<string, double> { ["a"] = 3 });
        house.Close(0);
        house.Close(1);
        Assert.Multiple(() =>
        {
            Assert.That((house.Written[0].Metrics["a"], house.Written[0].Metrics["b"]), Is.EqualTo((3.0, 2.0)));
            Assert.That(house.Written[1].Metrics.Keys, Has.No.Member("a").And.No.Member("b"));
        });
    }

    [Test]
    public void The_last_epoch_closes_even_when_it_is_short_and_only_once()
    {
        using var house = new House(evaluations: 0);
        house.Step(10);
        house.Close(0);
        Assert.That(house.Recorder.Finish(1).History, Has.Count.EqualTo(1), "nothing happened since");
        house.Step(3);
        var report = house.Recorder.Finish(1);
        Assert.Multiple(() =>
        {
            Assert.That(report.History.Select(epoch => (epoch.Epoch, epoch.Step)), Is.EqualTo(new[] { (0, 10), (1, 13) }));
            Assert.That(report.Steps, Is.EqualTo(13));
        });
    }

    [Test]
    public void A_listener_hears_each_phase_once_a_sign_of_life_every_ten_steps_and_each_epoch()
    {
        using var house = new House(evaluations: 0);
        house.Recorder.Enter(TrainingPhase.Exploring, 0);
        house.Recorder.Enter(TrainingPhase.Exploring, 0);
        house.Recorder.Enter(TrainingPhase.FittingModel, 0);
        for (var step = 0; step < 20; step++)
        {
            house.Step(1);
            house.Recorder.StepEnded(0);
        }
        house.Close(0);
        Assert.Multiple(() =>
        {
            Assert.That(house.Heard.Select(heard => heard.Phase).Take(2), Is.EqualTo(new[] { TrainingPhase.Exploring, TrainingPhase.FittingModel }));
            Assert.That(house.Heard.Skip(2).Select(heard => (heard.Step, heard.EpochMetrics is not null)),
                Is.EqualTo(new[] { (10, false), (20, false), (20, true) }));
            Assert.That(house.Heard.Select(heard => heard.Steps), Has.All.EqualTo(House.Steps));
        });
    }

    [Test]
    public void A_stopped_run_keeps_the_closed_epochs_the_open_one_and_what_is_due()
    {
        using var house = new House();
        house.Recorder.Add(new Dictionary<string, double> { ["odd"] = double.NaN });
        house.Close(0);
        house.Step(5);
        house.Recorder.Add(new Dictionary<string, double> { ["open"] = 7 });
        house.Recorder.EpochEnded(1);
        using var memory = new StateMemory();
        house.Recorder.Save(memory);

        using var resumed = new House();
        resumed.Recorder.Restore(memory);
        resumed.Recorder.ResumeWriters();
        Assert.That(resumed.ResumedAfter, Is.EqualTo(new[] { 0 }), "the writers learn which epochs had closed");
        // The epoch that was due closes; one that had closed does not close again.
        resumed.Recorder.EpochEnded(0);
        var report = resumed.Recorder.Finish(1);
        Assert.Multiple(() =>
        {
            Assert.That(report.History.Select(epoch => epoch.Epoch), Is.EqualTo(new[] { 0, 1 }));
            Assert.That(report.History[0].Values["odd"], Is.NaN);
            Assert.That(report.History[0].Values.Keys, Is.EqualTo(house.Written[0].Metrics.Keys));
            Assert.That(report.History[1].Values["open"], Is.EqualTo(7));
        });
    }

    [TestCase(new long[0], TestName = "No_open_epoch_is_refused")]
    [TestCase(new long[] { -1, 0, 1, 9 }, TestName = "A_metric_without_a_name_is_refused")]
    [TestCase(new long[] { -1, 0, 5, 0 }, TestName = "Metrics_that_are_cut_off_are_refused")]
    public void Damaged_epochs_are_refused(long[] epochs)
    {
        using var house = new House();
        using var memory = new StateMemory();
        new StageClock(new SteppedTime()).Save(((IStateWriter)memory).Under("clock"));
        memory.Add("evaluation-due", -1L);
        memory.Add("last-evaluation", ReadOnlySpan<double>.Empty);
        memory.Add("names", "a");
        memory.Add("epochs", epochs);
        memory.Add("values", [1.0]);
        Assert.That(() => house.Recorder.Restore(memory), Throws.TypeOf<CheckpointException>());
    }

    // A recorder with all that it asks, in the line task, which cannot lend its state to an evaluation.
    private sealed class House : IDisposable, IMetricsWriter
    {
        public const int Steps = 1000;
        private readonly LineEnvironment _line = new();
        private readonly ReplayPool _pool = new(new TransitionLayout(1, 1), Steps);
        private readonly RunCounters _counters = new();
        private readonly RunEnvironments _environments;
        private readonly Interaction _interaction;
        private readonly StillAlgorithm _algorithm;

        public House(int evaluations = 2)
        {
            var settings = new HostSettings
            {
                Steps = Steps,
                EpochLength = 10,
                EvaluationEpisodes = evaluations,
                MetricsWriters = [this],
                Progress = new ProgressListener(Heard.Add),
                Clock = new SteppedTime()
            };
            _algorithm = new StillAlgorithm(new NoisyPolicy(1, 1, -1, 0), () => null!, _ => { });
            _environments = new RunEnvironments(_line, settings);
            _interaction = new Interaction(
                [_environments.Training], _pool, _algorithm.Policy, settings, _counters, seed: 1, new EpisodeFailures(settings, NullLogger.Instance));
            var evaluator = new TrainingEvaluator(_environments, settings, _interaction, seed: 1);
            var watch = new ReturnWatch(_line, settings, _algorithm, _pool, seed: 1, NullLogger.Instance);
            Recorder = new EpochRecorder(settings, _counters, _interaction, evaluator, watch, _algorithm, new RunMeters("test", 1), NullLogger.Instance);
        }

        public EpochRecorder Recorder { get; }

        public List<(long Step, Dictionary<string, double> Metrics)> Written { get; } = [];

        public List<TrainingProgress> Heard { get; } = [];

        public List<int> ResumedAfter { get; } = [];

        public void Step(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                _interaction.StepWithPolicy();
                _counters.Step++;
            }
        }

        public void Close(int epoch)
        {
            Recorder.EpochEnded(epoch);
            Recorder.StepEnded(epoch + 1);
        }

        void IMetricsWriter.Write(long step, IReadOnlyDictionary<string, double> metrics) => Written.Add((step, new Dictionary<string, double>(metrics)));

        void IMetricsWriter.Resume(IReadOnlyList<EpochMetrics> history) => ResumedAfter.AddRange(history.Select(epoch => epoch.Epoch));

        void IMetricsWriter.Flush()
        {
        }

        public void Dispose()
        {
            _interaction.Dispose();
            _environments.Dispose();
            _algorithm.Dispose();
            _pool.Dispose();
            _line.Dispose();
        }
    }
}
