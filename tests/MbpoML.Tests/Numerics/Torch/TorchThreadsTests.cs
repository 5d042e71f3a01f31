using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Ensemble.Serving;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Training;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Torch;

/// <summary>Torch's threads belong to the whole process: whatever runs, and however runs overlap in time, afterwards they are as before.</summary>
[NonParallelizable]
public class TorchThreadsTests
{
    private const int Before = 3;

    // What sets torch's threads, in the stages alone and in runs.
    private static readonly Dictionary<string, Action<ReinforcementCatalog>> Users = new()
    {
        ["a run"] = rl => Train(rl, _ => { }),
        ["a run on one thread"] = rl => Train(rl, preset => preset.Trainer.Threads = 1),
        ["a run on more threads"] = rl => Train(rl, preset => preset.Trainer.Threads = 5),
        ["a run with workers"] = rl => Train(rl, preset => (preset.Policy.Workers, preset.Dynamics.Workers) = (2, 2)),
        ["a run with workers and threads"] = rl => Train(rl, preset => (preset.Trainer.Threads, preset.Policy.Workers, preset.Dynamics.Workers) = (2, 2, 2)),
        ["an overlapped run"] = rl => Train(rl, preset => preset.Trainer.Overlap = OverlappedStages.Environment),
        ["a run with a time limit"] = rl => Train(rl, preset => preset.Trainer.StepTimeout = TimeSpan.FromMinutes(1)),
        ["a run of the reference"] = rl =>
            Train(rl, preset => (preset.Policy.Acceleration, preset.Dynamics.Acceleration) = (Acceleration.Reference, Acceleration.Reference)),
        ["a run that fails"] = rl => Assert.That(
            () => Train(rl, preset => preset.Trainer.Progress = new ProgressListener(
                progress => { if (progress.Step == 70) throw new FormatException("the plug is out"); })), Throws.TypeOf<TrainingFailedException>()),
        ["seeds side by side"] = _ => new MLContext(1).Reinforcement().MbpoSeeds(_ => new LineEnvironment(), new() { Preset = _ => Preset(), Parallel = 2 })
            .Train([1, 2]).ToList().ForEach(run => run.Report!.Policy.Dispose()),
        ["stages alone"] = rl => FitAlone(rl, 1),
        ["stages alone with workers"] = rl => FitAlone(rl, 2),
    };

    private static IEnumerable<string> Names => Users.Keys;

    [SetUp]
    public void SetUp() => set_num_threads(Before);

    [TearDown]
    public void TearDown() => set_num_threads(1);

    [TestCaseSource(nameof(Names))]
    public void Afterwards_the_process_and_the_caller_are_as_before(string user)
    {
        Users[user](new MLContext(1).Reinforcement());
        Assert.That((get_num_threads(), InNewThread()), Is.EqualTo((Before, Before)));
    }

    // Run A begins, then B; A ends first, then B, and the other way round.
    [TestCase(0)]
    [TestCase(1)]
    public void Runs_that_overlap_in_time_leave_the_process_as_it_was(int first)
    {
        using var bothAtWork = new Barrier(2);
        using var firstIsOver = new ManualResetEventSlim();
        var afterwards = new int[2];
        Thread Begin(int number)
        {
            var thread = new Thread(() =>
            {
                var steps = 0;
                using var environment = new HookedLineEnvironment
                {
                    OnStep = (_, result) =>
                    {
                        if (++steps == 60) bothAtWork.SignalAndWait();
                        if (steps == 80 && number != first) firstIsOver.Wait();
                        return result;
                    },
                };
                Train(new MLContext(1).Reinforcement(), _ => { }, environment);
                if (number == first) firstIsOver.Set();
                afterwards[number] = get_num_threads();
            });
            thread.Start();
            return thread;
        }

        Thread[] threads = [Begin(0), Begin(1)];
        Array.ForEach(threads, thread => thread.Join());
        Assert.That(afterwards, Has.All.EqualTo(Before));
        Assert.That(InNewThread(), Is.EqualTo(Before));
    }

    [Test]
    public void A_run_uses_one_thread_unless_it_is_told_otherwise(
        [Values(null, 1, 4)] int? threads, [Values(OverlappedStages.None, OverlappedStages.Environment)] OverlappedStages overlap, [Values] bool limited)
    {
        var (seen, elsewhere) = (new HashSet<int>(), new HashSet<int>());
        var steps = 0;
        using var environment = new HookedLineEnvironment
        {
            OnStep = (_, result) =>
            {
                seen.Add(get_num_threads());
                if (++steps % 30 == 0) elsewhere.Add(InNewThreadLater());
                return result;
            },
        };
        Train(
            new MLContext(1).Reinforcement(),
            preset => (preset.Trainer.Threads, preset.Trainer.Overlap, preset.Trainer.StepTimeout) =
                (threads, overlap, limited ? TimeSpan.FromMinutes(1) : null), environment);
        Assert.That(seen, Is.EqualTo([threads ?? 1]));
        Assert.That(elsewhere, Is.EqualTo([Before]), "other threads of the process notice nothing");
    }

    [Test]
    public void A_stage_of_ones_own_has_the_threads_of_the_run([Values(null, 4)] int? threads)
    {
        var seen = new HashSet<int>();
        var policy = new RecordingPolicyEstimator { OnUpdate = _ => seen.Add(get_num_threads()) };
        var preset = Preset();
        preset.Trainer.Threads = threads;
        using var environment = new LineEnvironment();
        var rl = new MLContext(1).Reinforcement();
        rl.Mbpo(environment, preset.Trainer, rl.Dynamics.ProbabilisticEnsemble(preset.Dynamics), rl.Rollouts.Branched(preset.Rollouts), policy).Fit().Dispose();
        Assert.That(seen, Is.EqualTo([threads ?? 1]));
    }

    [Test]
    public void More_threads_give_the_same_policy() =>
        Assert.That(Train(new MLContext(1).Reinforcement(), preset => preset.Trainer.Threads = 4),
            Is.EqualTo(Train(new MLContext(1).Reinforcement(), _ => { })));

    [Test]
    public void A_lease_counts_for_the_calling_thread_alone()
    {
        using (TorchThreads.Use(1))
        {
            Assert.That((get_num_threads(), InNewThread()), Is.EqualTo((1, Before)));
            using (TorchThreads.Use(5)) Assert.That((get_num_threads(), InNewThread()), Is.EqualTo((5, Before)));
            Assert.That((get_num_threads(), InNewThread()), Is.EqualTo((1, Before)));
        }

        Assert.That((get_num_threads(), InNewThread()), Is.EqualTo((Before, Before)));
    }

    [Test]
    public void What_a_program_sets_during_a_lease_stays()
    {
        using (TorchThreads.Use(1))
        {
            var other = new Thread(() => set_num_threads(2));
            other.Start();
            other.Join();
        }

        Assert.That((get_num_threads(), InNewThread()), Is.EqualTo((Before, 2)));
    }

    [Test]
    public void Work_of_one_thread_goes_to_a_thread_that_has_one()
    {
        var (threads, thread) = (0, 0);
        void Look() => (threads, thread) = (get_num_threads(), Environment.CurrentManagedThreadId);
        OneTorchThread.Run(Look);
        Assert.That((threads, get_num_threads(), InNewThread()), Is.EqualTo((1, Before, Before)));
        Assert.That(thread, Is.Not.EqualTo(Environment.CurrentManagedThreadId));
        Assert.That(() => OneTorchThread.Run(() => throw new FormatException("the plug is out")), Throws.TypeOf<FormatException>());
        using var lease = TorchThreads.Use(1);
        OneTorchThread.Run(Look);
        Assert.That((threads, thread), Is.EqualTo((1, Environment.CurrentManagedThreadId)));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Both_halves_of_a_phase_have_one_thread_each(int workers)
    {
        using var companion = new Companion(workers);
        var threads = new int[2];
        companion.Run(half => threads[half] = get_num_threads());
        Assert.That(threads, Is.EqualTo([1, 1]));
        Assert.That(() => companion.Run(half => throw new FormatException($"half {half}")), Throws.TypeOf<FormatException>());
        companion.Run(half => threads[half] = half);
        Assert.That(threads, Is.EqualTo([0, 1]), "it goes on");
    }

    [Test]
    public void A_block_of_rows_is_predicted_on_one_thread()
    {
        var rl = new MLContext(1).Reinforcement();
        using var environment = new LineEnvironment();
        var data = rl.Data.Record(environment, 200, seed: 1);
        using var fitted = rl.Dynamics.ProbabilisticEnsemble(new() { HiddenSizes = [8], MaxOptimizerSteps = 5 }).Fit(data);
        var model = new Watched(fitted.Model);
        var block = new PredictionBlock(model, capacity: 4);
        block.Compute(4);
        Assert.That(model.Threads, Is.EqualTo([1]));
    }

    [Test]
    public void Serving_gives_the_same_rows_on_any_number_of_threads()
    {
        var rl = new MLContext(1).Reinforcement();
        using var environment = rl.Environments.Pendulum();
        var data = rl.Data.Record(environment, 1500, seed: 1);
        using var dynamics = rl.Dynamics.ProbabilisticEnsemble(new() { HiddenSizes = [200, 200], MaxOptimizerSteps = 20, Seed = 1 }).Fit(data);
        using var policy = rl.Policies.SoftActorCritic(
            new() { HiddenSizes = [256, 256], Updates = 5, BatchSize = 64, ActionSpace = BoxSpace.Uniform(1, -2, 2), Seed = 1 }).Fit(data);
        float[][] Serve() =>
        [
            .. policy.Transform(data).GetColumn<float[]>("Action"), .. dynamics.Transform(data).GetColumn<float[]>("PredictedNextObservation"),
        ];
        var several = Serve();
        using var lease = TorchThreads.Use(1);
        Assert.That(Serve(), Is.EqualTo(several));
    }

    private static void FitAlone(ReinforcementCatalog rl, int workers)
    {
        using var environment = new LineEnvironment();
        var data = rl.Data.Record(environment, 300, seed: 1);
        using var dynamics = rl.Dynamics.ProbabilisticEnsemble(new() { HiddenSizes = [8], MaxOptimizerSteps = 20, Workers = workers }).Fit(data);
        using var policy = rl.Policies.SoftActorCritic(
            new() { HiddenSizes = [8], Updates = 20, BatchSize = 16, Workers = workers, ActionSpace = environment.ActionSpace }).Fit(data);
        dynamics.Evaluate(data);
        rl.Rollouts.Branched(dynamics, policy).Fit(data).Transform(data);
        rl.Evaluate(policy, environment, 1);
        _ = policy.Transform(data).GetColumn<float[]>("Action").ToArray();
        _ = dynamics.Transform(data).GetColumn<float>("PredictedReward").ToArray();
    }

    private static float[] Train(ReinforcementCatalog rl, Action<MbpoPreset> change, IEnvironment? environment = null)
    {
        var preset = Preset();
        change(preset);
        return SmallRuns.Train(rl, preset, environment);
    }

    private static MbpoPreset Preset()
    {
        var preset = SmallRuns.Preset(100);
        (preset.Trainer.Threads, preset.Dynamics.MaxOptimizerSteps, preset.Trainer.EvaluationEpisodes) = (null, 20, 1);
        return preset;
    }

    // What a thread gets that uses torch for the first time.
    // While a run sets its own number, a thread that begins in that instant sees it; on a busy machine the instant is long. After a leak all threads see it.
    private static int InNewThreadLater()
    {
        const int Times = 100;
        for (var time = 1; time < Times; time++)
        {
            if (InNewThread() == Before) return Before;
            Thread.Sleep(time);
        }

        return InNewThread();
    }

    private static int InNewThread()
    {
        var seen = 0;
        var thread = new Thread(() => seen = get_num_threads());
        thread.Start();
        thread.Join();
        return seen;
    }

    private sealed class Watched(IEnsembleDynamicsModel inner) : IEnsembleDynamicsModel
    {
        public HashSet<int> Threads { get; } = [];

        public MbpoML.Data.TransitionLayout Layout => inner.Layout;

        public int EliteCount => inner.EliteCount;

        public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator) => inner.Sample(observation, action, generator);

        public (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action) => inner.PredictMembers(observation, action);

        public (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action)
        {
            Threads.Add(get_num_threads());
            return inner.Predict(observation, action);
        }
    }
}
