using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Sweeps;
using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;
using Microsoft.ML;

namespace MbpoML.Tests.Training;

/// <summary>
/// Whose cancellation it is: one that the run's token asked for stops the run as asked; any other, such as the timeout of a request, is a fault of what threw
/// it.
/// </summary>
public class ForeignCancellationTests
{
    private const int Exploration = 40, Steps = 100;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private static readonly (string Name, Func<Exception> Make)[] Unasked =
    [
        ("HttpClient", () => new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout.", new TimeoutException())),
        ("a token of its own", () => new OperationCanceledException(new CancellationToken(canceled: true))),
        ("Task.Wait", () => new AggregateException(new TaskCanceledException("A task was canceled."))),
    ];

    private static IEnumerable<TestCaseData> EveryCall =>
        from call in new (string Name, int Number)[] { ("step", 10), ("step", 70), ("reset", 1), ("reset", 5) }
        from way in Ways
        from exception in Unasked
        select new TestCaseData(call.Name, call.Number, way.Overlap, way.Limited, exception.Make).SetArgDisplayNames(
            $"{call.Name} {call.Number}", $"{way.Overlap}", $"{way.Limited}", exception.Name);

    private static IEnumerable<(OverlappedStages Overlap, bool Limited)> Ways =>
        from overlap in new[] { OverlappedStages.None, OverlappedStages.Environment }
        from limited in new[] { false, true }
        select (overlap, limited);

    private static IEnumerable<TestCaseData> EveryWay => Ways.Select(way => new TestCaseData(way.Overlap, way.Limited));

    [TestCaseSource(nameof(EveryCall))]
    public void One_that_nobody_asked_for_is_a_fault_of_the_environment(string call, int number, OverlappedStages overlap, bool limited, Func<Exception> make)
    {
        using var folder = new TemporaryFolder();
        var thrown = make();
        using var environment = new Remote(call, number, thrown);
        var failed = Assert.Throws<TrainingFailedException>(() => Train(environment, options => Use(options, overlap, limited, folder["checkpoints"])))!;
        Assert.That(failed.InnerException, Is.TypeOf<EnvironmentException>().With.InnerException.SameAs(thrown));
        Assert.That(failed.Message, Does.Contain($"it threw {thrown.GetType().Name}: {thrown.Message}").And.Contain(call == "step" ? ", step " : ", reset: "));
        Assert.That(Checkpointing.Exists(folder["checkpoints"]), "a checkpoint as after every fault of the environment");
        failed.Report!.Policy.Dispose();
    }

    [TestCaseSource(nameof(EveryCall))]
    public void Where_episodes_are_dropped_it_drops_one(string call, int number, OverlappedStages overlap, bool limited, Func<Exception> make)
    {
        using var environment = new Remote(call, number, make());
        var report = Train(environment, options =>
        {
            Use(options, overlap, limited);
            options.FailedEpisodes = FailedEpisodes.Drop;
        });
        Assert.That((report.Steps, report.History[^1].Values[MetricNames.TrainingFailedEpisodes]), Is.EqualTo((Steps, 1)));
        report.Policy.Dispose();
    }

    [TestCase(FailedEpisodes.Stop)]
    [TestCase(FailedEpisodes.Drop)]
    public void In_an_evaluation_it_is_a_fault_too(FailedEpisodes reaction)
    {
        using var training = new LineEnvironment();
        using var evaluation = new Remote("step", 3, Unasked[0].Make());
        TrainingReport Run() => Train(training, options =>
            (options.EvaluationEnvironment, options.EvaluationEpisodes, options.EpochLength, options.FailedEpisodes) = (evaluation, 2, 30, reaction));
        if (reaction == FailedEpisodes.Stop)
        {
            Assert.That(Run, Throws.TypeOf<TrainingFailedException>().With.InnerException.TypeOf<EnvironmentException>());
            return;
        }

        var report = Run();
        Assert.That(report.History.Select(epoch => epoch.EvaluationReturn is null), Is.EqualTo([true, false]));
        report.Policy.Dispose();
    }

    // A simulator that was given the run's token, checked already or not.
    [TestCaseSource(nameof(EveryWay))]
    public void One_that_was_asked_for_stays_a_cancellation(OverlappedStages overlap, bool limited)
    {
        foreach (var isChecked in (bool[])[false, true])
            foreach (var call in (string[])["step", "reset"])
            {
                using var folder = new TemporaryFolder();
                using var source = new CancellationTokenSource();
                var failure = new OperationCanceledException(source.Token);
                using IEnvironment remote = new Remote(call, call == "step" ? 70 : 5, failure) { BeforeFailure = source.Cancel };
                List<string> dropped = [];
                var stopped = Assert.Throws<TrainingCanceledException>(
                    () => Train(
                        isChecked ? remote.WithChecks() : remote,
                        options =>
                        {
                            Use(options, overlap, limited, folder["checkpoints"]);
                            (options.CancellationToken, options.FailedEpisodes) = (source.Token, FailedEpisodes.Drop);
                        },
                        dropped),
                    $"{call}, checked: {isChecked}")!;
                Assert.That(stopped.CancellationToken, Is.EqualTo(source.Token));
                Assert.That(stopped.Report!.Steps, Is.InRange(Exploration, Steps - 1));
                Assert.That(dropped, Is.Empty);
                Assert.That(Checkpointing.Exists(folder["checkpoints"]));
                stopped.Report.Policy.Dispose();
            }
    }

    [Test]
    public void A_fault_beside_a_cancellation_stays_a_fault()
    {
        using var source = new CancellationTokenSource();
        using var environment = new Remote("step", 70, new IOException("the robot is unplugged")) { BeforeFailure = source.Cancel };
        var failed = Assert.Throws<TrainingFailedException>(() => Train(environment, options => options.CancellationToken = source.Token))!;
        Assert.That(failed.InnerException, Is.TypeOf<EnvironmentException>());
        failed.Report!.Policy.Dispose();
    }

    [Test]
    public void Evaluating_and_recording_tell_it_as_a_fault()
    {
        var rl = new MLContext(1).Reinforcement();
        foreach (var (call, step) in ((string, int)[])[("step", 3), ("reset", 0)])
        {
            using var evaluated = new Remote(call, Math.Max(1, step), Unasked[0].Make());
            using var recorded = new Remote(call, Math.Max(1, step), Unasked[0].Make());
            foreach (var act in (Action[])[
                () => rl.Evaluate(new NoisyPolicy(1, 1, gain: -1, noise: 0), evaluated, 2), () => rl.Data.Record(recorded, 10, seed: 1)])
            {
                var failed = Assert.Throws<EnvironmentException>(() => act())!;
                Assert.That((failed.Episode, failed.Step, failed.InnerException), Is.EqualTo((1, step, failed.InnerException as TaskCanceledException)));
            }
        }
    }

    [Test]
    public void A_seed_whose_environment_was_not_made_in_time_has_failed()
    {
        var options = new SeedSweep.Options { Preset = _ => SmallRuns.Preset(100) };
        var run = new MLContext(1).Reinforcement().MbpoSeeds(_ => throw new TaskCanceledException("no answer"), options).Train([3])[0];
        Assert.That(run.Exception, Is.TypeOf<EnvironmentException>().With.Message.Contains("seed 3").And.Message.Contains("TaskCanceledException: no answer"));
    }

    [Test]
    public void A_study_tells_the_two_apart_as_well()
    {
        using var source = new CancellationTokenSource();
        var rl = new MLContext(1).Reinforcement();
        using var policy = new PolicyTransformer(
            new ComponentContext(new MLContext(1)), new ActorParameters(1, BoxSpace.Uniform(1, -2, 2), [[0.1f, 0]], [[0, 0]], (-20, 2)));
        var options = new GeneralizationOptions { TrainingSizes = [20], TestTransitions = 10, CancellationToken = source.Token };
        using var late = new Remote("step", 5, Unasked[0].Make());
        Assert.That(() => rl.Diagnostics.Generalization(late, [policy, policy], options), Throws.TypeOf<EnvironmentException>());
        using var stopped = new Remote("step", 5, new OperationCanceledException()) { BeforeFailure = source.Cancel };
        Assert.That(() => rl.Diagnostics.Generalization(stopped, [policy, policy], options),
            Throws.TypeOf<OperationCanceledException>().With.Property("CancellationToken").EqualTo(source.Token));
    }

    [Test]
    public void A_checkpoint_that_cannot_be_written_because_of_it_is_told_as_that()
    {
        using var folder = new TemporaryFolder();
        var thrown = Unasked[0].Make();
        Assert.That(() => new CheckpointFolder(folder["checkpoints"], 1).Write(7, _ => throw thrown),
            Throws.TypeOf<CheckpointException>().With.InnerException.SameAs(thrown));
    }

    private static void Use(MbpoTrainer.Options options, OverlappedStages overlap, bool limited, string? checkpoints = null)
    {
        (options.Overlap, options.StepTimeout) = (overlap, limited ? Long : null);
        if (checkpoints is not null) options.Checkpoints = new Checkpointing { Folder = checkpoints, Every = null };
    }

    private static TrainingReport Train(IEnvironment environment, Action<MbpoTrainer.Options> change, List<string>? dropped = null)
    {
        var mlContext = new MLContext(1);
        mlContext.Log += (_, line) =>
        {
            if (line.Message.Contains("episode was dropped", StringComparison.Ordinal)) dropped?.Add(line.Message);
        };
        var preset = SmallRuns.Preset(Steps);
        (preset.Trainer.InitialExplorationSteps, preset.Trainer.EpochLength, preset.Trainer.UpdatesPerStep, preset.Trainer.RealRatio) = (Exploration, 20, 1, 1);
        (preset.Trainer.MaxEpisodeSteps, preset.Trainer.BatchSize) = (12, 16);
        change(preset.Trainer);
        return mlContext.Reinforcement().Mbpo(environment, preset).Train();
    }

    /// <summary>The line task, of which one call fails, counted from 1.</summary>
    private sealed class Remote(string call, int number, Exception failure) : EnvironmentWrapper(new LineEnvironment())
    {
        private int _calls;

        public Action? BeforeFailure { get; init; }

        public override void Reset(int seed, Span<double> observation)
        {
            if (call == "reset") FailIfDue();
            base.Reset(seed, observation);
        }

        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            if (call == "step") FailIfDue();
            return base.Step(action, observation);
        }

        private void FailIfDue()
        {
            if (++_calls != number) return;
            BeforeFailure?.Invoke();
            throw failure;
        }
    }
}
