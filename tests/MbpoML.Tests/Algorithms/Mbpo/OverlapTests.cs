using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Training;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Tests.Algorithms.Mbpo;

/// <summary>Stages that go on beside the updates: what comes out depends on the schedule of the hand-overs, never on who is faster.</summary>
public class OverlapTests
{
    private static ReinforcementCatalog Catalog => new MLContext(seed: 1).Reinforcement();

    [Test]
    public void An_overlapped_run_is_the_same_without_threads_and_with_an_environment_that_dawdles()
    {
        const OverlappedStages stages = OverlappedStages.Environment;
        var random = new Random(5);
        using var line = new LineEnvironment();
        using var slow = new SlowEnvironment(new LineEnvironment(), () => Thread.Sleep(random.Next(4)));
        var beside = SmallRuns.Train(Catalog, Preset(stages), line);
        Assert.That(SmallRuns.Train(Catalog, Preset(stages), slow), Is.EqualTo(beside));
        using var again = new LineEnvironment();
        Assert.That(SmallRuns.Train(Catalog, Preset(stages, options => options.OverlapsOnOneThread = true), again), Is.EqualTo(beside));
        using var faithful = new LineEnvironment();
        Assert.That(SmallRuns.Train(Catalog, Preset(OverlappedStages.None), faithful), Is.Not.EqualTo(beside), "the overlapped schedule is another one");
    }

    [Test]
    public void Evaluations_in_the_training_environment_meet_no_step()
    {
        using var environment = new SlowEnvironment(Catalog.Environments.Pendulum(), () => { });
        var preset = Preset(OverlappedStages.Environment, options => (options.EpochLength, options.EvaluationEpisodes) = (15, 1));
        using var policy = Catalog.Mbpo(environment, preset).Fit();
        Assert.That(environment.Collisions, Is.Zero);
        Assert.That(environment.Threads, Has.Count.EqualTo(1), "evaluation steps on the thread of the training steps");
    }

    [Test]
    public void The_policy_that_acts_is_one_step_older_and_every_step_is_taken_once()
    {
        var recorder = new RecordingPolicyEstimator();
        List<int> updatesAtStep = [];
        using var environment = new SlowEnvironment(new LineEnvironment(), () => updatesAtStep.Add(recorder.Batches.Count));
        var preset = Preset(OverlappedStages.Environment, options => (options.OverlapsOnOneThread, options.EvaluationEpisodes) = (true, 0));
        var rl = Catalog;
        rl.Mbpo(environment, preset.Trainer, new ExactDynamicsEstimator(new MLContext(1)), rl.Rollouts.Branched(preset.Rollouts), recorder).Fit().Dispose();
        var expected = Enumerable.Range(0, 120).Select(step => step < 50 ? 0 : Math.Max(0, step - 51) * preset.Trainer.UpdatesPerStep);
        Assert.That(updatesAtStep, Is.EqualTo(expected));
    }

    [TestCase(OverlappedStages.None)]
    [TestCase(OverlappedStages.Environment)]
    public void A_fault_of_the_environment_comes_out(OverlappedStages stages)
    {
        using var broken = new HookedLineEnvironment { OnStep = (step, result) => step < 80 ? result : throw new IOException("the robot is unplugged") };
        Assert.That(
            () => Catalog.Mbpo(broken, Preset(stages)).Fit(),
            Throws.TypeOf<TrainingFailedException>().With.InnerException.TypeOf<EnvironmentException>()
                .And.InnerException.InnerException.Message.EqualTo("the robot is unplugged"));
    }

    [TestCase(OverlappedStages.None)]
    [TestCase(OverlappedStages.Environment)]
    public void A_fault_of_the_model_comes_out_at_its_fit(OverlappedStages stages)
    {
        var fits = 0;
        var dynamics = new HookedEstimator(new ExactDynamicsEstimator(new MLContext(1)), () =>
        {
            if (++fits == 2) throw new FormatException("no model");
        });
        using var environment = new LineEnvironment();
        var preset = Preset(stages, options => options.ModelTrainingInterval = 20);
        var rl = Catalog;
        var trainer = rl.Mbpo(environment, preset.Trainer, dynamics, rl.Rollouts.Branched(preset.Rollouts), new RecordingPolicyEstimator());
        Assert.That(
            trainer.Fit, Throws.TypeOf<TrainingFailedException>().With.InnerException.TypeOf<FormatException>().And.InnerException.Message.EqualTo("no model"));
        // Fitted at 70, where an overlapped environment has made the step after the last already.
        Assert.That(environment.Steps, Is.EqualTo(stages == OverlappedStages.None ? 70 : 71));
    }

    [Test]
    public void Cancelling_beside_a_step_keeps_what_was_learned_and_waits_for_what_runs()
    {
        using var source = new CancellationTokenSource();
        using var running = new ManualResetEventSlim();
        var (entered, finished) = (0, 0);
        void Dawdle()
        {
            Interlocked.Increment(ref entered);
            running.Set();
            Thread.Sleep(30);
            Interlocked.Increment(ref finished);
        }

        void CancelBesideIt(int update)
        {
            if (update != 4 * 42) return;
            running.Wait();
            source.Cancel();
        }

        var policy = new RecordingPolicyEstimator { OnUpdate = CancelBesideIt };
        var steps = 0;
        using var environment = new SlowEnvironment(new LineEnvironment(), () => { if (++steps == 93) Dawdle(); });
        var dynamics = new ExactDynamicsEstimator(new MLContext(1));
        var preset = Preset(OverlappedStages.Environment,
            options => (options.CancellationToken, options.ModelTrainingInterval, options.Steps) = (source.Token, 40, 200));
        var rl = Catalog;
        var trainer = rl.Mbpo(environment, preset.Trainer, dynamics, rl.Rollouts.Branched(preset.Rollouts), policy);
        var exception = Assert.Throws<TrainingCanceledException>(() => trainer.Fit());
        Assert.That((exception!.Report!.Steps, exception.CancellationToken), Is.EqualTo((92, source.Token)));
        Assert.That(finished, Is.EqualTo(entered), "what ran beside the run has ended");
    }

    [Test]
    public void An_overlapped_run_leaves_no_tensor_behind()
    {
        using var environment = new LineEnvironment();
        // Of the whole process, for its tensors are made on several threads.
        var live = LiveTensors.Settled();
        SmallRuns.Train(Catalog, Preset(OverlappedStages.Environment), environment);
        Assert.That(LiveTensors.Settled(), Is.EqualTo(live));
    }

    [Test]
    public void Overlapped_runs_learn_the_line()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = new LineEnvironment();
        var preset = SmallRuns.Preset(400);
        (preset.Dynamics.BatchSize, preset.Dynamics.LearningRate, preset.Dynamics.MaxOptimizerSteps) = (64, 3e-3, 400);
        (preset.Dynamics.MemberCount, preset.Dynamics.EliteCount, preset.Trainer.UpdatesPerStep) = (3, 2, 10);
        preset.Trainer.Overlap = OverlappedStages.Environment;
        using var policy = rl.Mbpo(environment, preset).Fit();
        // What the faithful order is asked for, too: see MbpoTrainerTests.
        Assert.That(rl.Evaluate(policy, environment, episodes: 50).MeanReturn, Is.GreaterThan(17.5));
    }

    [Test]
    public void Stages_that_there_are_not_are_refused() => Assert.That(
        () => Catalog.Mbpo(new LineEnvironment(), new MbpoTrainer.Options { Overlap = (OverlappedStages)4 }),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("Overlap"));

    private static MbpoPreset Preset(OverlappedStages stages, Action<MbpoTrainer.Options>? change = null)
    {
        var preset = SmallRuns.Preset(steps: 120);
        (preset.Trainer.Overlap, preset.Trainer.ModelTrainingInterval, preset.Dynamics.MaxOptimizerSteps) = (stages, 30, 50);
        change?.Invoke(preset.Trainer);
        return preset;
    }

    /// <summary>Does something before each step, and notices when it is used by two threads at once.</summary>
    private sealed class SlowEnvironment(IEnvironment inner, Action beforeStep) : EnvironmentWrapper(inner)
    {
        private int _users;

        public int Collisions { get; private set; }

        public HashSet<int> Threads { get; } = [];

        public override void Reset(int seed, Span<double> observation)
        {
            if (Interlocked.Increment(ref _users) > 1) Collisions++;
            base.Reset(seed, observation);
            Interlocked.Decrement(ref _users);
        }

        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            if (Interlocked.Increment(ref _users) > 1) Collisions++;
            Threads.Add(Environment.CurrentManagedThreadId);
            beforeStep();
            var result = base.Step(action, observation);
            Interlocked.Decrement(ref _users);
            return result;
        }
    }

    private sealed class HookedEstimator(IEstimator<ITransformer> inner, Action beforeFit) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            beforeFit();
            return inner.Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
    }
}
