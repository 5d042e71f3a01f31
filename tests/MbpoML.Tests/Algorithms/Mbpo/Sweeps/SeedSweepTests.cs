using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.Mbpo.Sweeps;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Training;
using MbpoML.Tests.Training.Checkpoints;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using LineEnvironment = MbpoML.Tests.Fakes.LineEnvironment;

namespace MbpoML.Tests.Algorithms.Mbpo.Sweeps;

/// <summary>Several seeds in one process: each learns what it learns alone, and none harms another.</summary>
public class SeedSweepTests
{
    private static readonly int[] Seeds = [3, 1, 2];
    private readonly MLContext _mlContext = new(seed: 7);

    [Test]
    public void Each_seed_learns_what_it_learns_alone()
    {
        var runs = Sweep(new() { Parallel = 3 }).Train(Seeds);
        Assert.That(runs.Select(run => (run.Seed, run.Succeeded, run.Exception)), Is.EqualTo(Seeds.Select(seed => (seed, true, (Exception?)null))));
        foreach (var run in runs)
        {
            using var policy = run.Report!.Policy;
            Assert.That(SmallRuns.Actions(policy), Is.EqualTo(SmallRuns.Train(new MLContext(run.Seed).Reinforcement(), Preset(run.Seed))));
            Assert.That(run.Report.History.Select(epoch => epoch.Step), Is.EqualTo([120]));
        }
    }

    [Test]
    public void A_sweep_that_was_stopped_and_is_started_again_is_the_one_that_never_stopped()
    {
        using var folder = new TemporaryFolder();
        Checkpointing Checkpoints(int seed) => new() { Folder = Path.Combine(folder.FullName, $"seed-{seed}"), Every = null };
        SeedSweep Start(bool saves, Action<SeedProgress>? listen = null, CancellationToken cancellation = default) => Sweep(
            new()
            {
                Parallel = 2,
                Checkpoints = saves
                ? Checkpoints : null,
                CancellationToken = cancellation,
                Progress = new SeedListener(listen ?? (_ => { }))
            },
            _ => new CartPoleContinuousEnvironment());
        var expected = Start(saves: false).Train(Seeds).Select(MetricsOf).ToArray();
        using var source = new CancellationTokenSource();
        void StopInSeed1(SeedProgress told)
        {
            if (told is { Seed: 1, Progress.Step: 70 }) source.Cancel();
        }

        var stopped = Start(saves: true, StopInSeed1, source.Token).Train(Seeds);
        foreach (var run in stopped) run.Report?.Policy.Dispose();
        Assert.That(stopped.Select(run => run.Succeeded), Has.Some.False);

        // The second start goes on, the third finds everything done.
        for (var start = 0; start < 2; start++) Assert.That(Start(saves: true).Train(Seeds).Select(MetricsOf), Is.EqualTo(expected));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(8)]
    public void As_many_seeds_run_at_once_as_asked_for(int parallel)
    {
        // Each seed holds a place while its environment lives. Those that are to run at once meet at the first step; the seed that is then left over comes when
        // nobody waits.
        var (running, most, met) = (0, 0, 0);
        var together = Math.Min(parallel, Seeds.Length);
        using var all = new CountdownEvent(together);
        HookedLineEnvironment Environment(int seed) => new()
        {
            OnStep = (step, result) =>
            {
                if (step == 1)
                {
                    lock (all) most = Math.Max(most, ++running);
                    if (Interlocked.Increment(ref met) <= together) all.Signal();
                    all.Wait();
                }

                if (step == 120)
                {
                    lock (all) running--;
                }

                return result;
            },
        };
        Assert.That(Sweep(new() { Parallel = parallel }, Environment).Train(Seeds).Select(run => run.Succeeded), Has.All.True);
        Assert.That(most, Is.EqualTo(together));
    }

    [Test]
    public void A_seed_that_fails_leaves_the_others_alone()
    {
        List<HookedEnvironment> made = [];
        List<int> over = [];
        var runs = Sweep(new() { Parallel = 2, Finished = run => over.Add(run.Seed) }, seed =>
        {
            made.Add(new HookedEnvironment(seed == 1 ? 70 : int.MaxValue));
            return made[^1];
        }).Train(Seeds);
        Assert.That(runs.Select(run => run.Succeeded), Is.EqualTo([true, false, true]));
        Assert.That(runs[1].Exception, Is.TypeOf<TrainingFailedException>().With.InnerException.TypeOf<EnvironmentException>());
        Assert.That(runs[1].Report!.Steps, Is.EqualTo(70), "what it learned until then");
        Assert.That(over, Is.EquivalentTo(Seeds));
        Assert.That(made, Has.Count.EqualTo(3).And.All.Property(nameof(HookedEnvironment.IsDisposed)).True,
            "every seed has its own environment, which is disposed");
    }

    [Test]
    public void Cancelling_keeps_what_each_seed_learned_and_begins_no_other()
    {
        using var source = new CancellationTokenSource();
        var options = new SeedSweep.Options { Parallel = 1, CancellationToken = source.Token };
        options.Progress = new SeedListener(told =>
        {
            if (told.Seed == Seeds[1] && told.Progress.Step >= 80) source.Cancel();
        });
        var runs = Sweep(options).Train(Seeds);
        Assert.That(runs[0].Succeeded, Is.True);
        Assert.That(runs[1].Exception, Is.TypeOf<TrainingCanceledException>());
        Assert.That(runs[1].Report!.Steps, Is.EqualTo(81), "it is told after the 80th step and stops in the updates of the next");
        Assert.That(runs[2].Report, Is.Null);
        Assert.That(runs[2].Exception, Is.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Writers_progress_and_log_belong_to_their_seed()
    {
        List<(int Seed, Written Writer)> writers = [];
        List<(int, TrainingPhase)> finished = [];
        List<int> over = [];
        List<string> lines = [];
        _mlContext.Log += (_, line) =>
        {
            if (line.Kind == ChannelMessageKind.Info) lines.Add(line.RawMessage);
        };
        Sweep(new()
        {
            Parallel = 3,
            MetricsWriters = seed =>
            {
                writers.Add((seed, new Written()));
                return [writers[^1].Writer];
            },
            Progress = new SeedListener(told =>
            {
                if (told.Progress.Phase == TrainingPhase.Finished) finished.Add((told.Seed, told.Progress.Phase));
            }),
            Finished = run => over.Add(run.Seed),
        }).Train(Seeds);
        Assert.Multiple(() =>
        {
            Assert.That(writers.Select(made => made.Seed), Is.EquivalentTo(Seeds));
            Assert.That(writers.Select(made => (made.Writer.Steps, made.Writer.IsDisposed)), Has.All.EqualTo((120L, true)));
            Assert.That(finished.Select(told => told.Item1), Is.EquivalentTo(Seeds));
            Assert.That(over, Is.EquivalentTo(Seeds));
            Assert.That(lines.Count(line => line.StartsWith("Seed 1: Epoch 0, step 120", StringComparison.Ordinal)), Is.EqualTo(1));
        });
    }

    [Test]
    public void What_a_listener_throws_is_its_seeds_exception()
    {
        var runs = Sweep(new() { Finished = run => { if (run.Seed == 2) throw new FormatException("disk full"); } }).Train(Seeds);
        Assert.That(runs.Select(run => run.Exception?.Message), Is.EqualTo(new[] { null, null, "disk full" }));
        Assert.That(runs[2].Report, Is.Not.Null);
    }

    [Test]
    public void What_is_wrong_with_an_environment_is_its_seeds_exception()
    {
        var runs = Sweep(new(), seed => seed == 1 ? null! : new LineEnvironment()).Train(Seeds);
        Assert.That(runs.Select(run => run.Succeeded), Is.EqualTo([true, false, true]));
        Assert.That(runs[1].Exception, Is.InstanceOf<InvalidOperationException>().With.Message.Contains("seed 1 is null"));
    }

    [Test]
    public void Presets_are_copied_and_the_default_is_the_environments()
    {
        var shared = Preset(0);
        Sweep(new() { Preset = _ => shared }).Train([1, 2]);
        Assert.That((shared.Trainer.Threads, shared.Trainer.Progress), Is.EqualTo(((int?)null, (IProgress<TrainingProgress>?)null)));

        using var source = new CancellationTokenSource();
        var steps = 0;
        var options = new SeedSweep.Options { CancellationToken = source.Token };
        options.Progress = new SeedListener(told =>
        {
            steps = told.Progress.Steps;
            source.Cancel();
        });
        _mlContext.Reinforcement().MbpoSeeds(_ => _mlContext.Reinforcement().Environments.Pendulum(), options).Train([1]);
        Assert.That(steps, Is.EqualTo(MbpoPresets.Pendulum().Trainer.Steps));
    }

    [Test]
    public void Seeds_must_be_some_and_different()
    {
        Assert.That(() => Sweep(new()).Train([]), Throws.ArgumentException);
        Assert.That(() => Sweep(new()).Train([1, 2, 1]), Throws.ArgumentException.With.Message.Contains("[1, 2, 1]"));
        Assert.That(() => Sweep(new() { Parallel = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("Parallel"));
    }

    private SeedSweep Sweep(SeedSweep.Options options, Func<int, IEnvironment>? environment = null)
    {
        options.Preset ??= Preset;
        return _mlContext.Reinforcement().MbpoSeeds(environment ?? (_ => new LineEnvironment()), options);
    }

    private static string[] MetricsOf(SeedRun run)
    {
        run.Report!.Policy.Dispose();
        return StopAndGo.Metrics(run.Report);
    }

    private static MbpoPreset Preset(int seed)
    {
        var preset = SmallRuns.Preset(steps: 120);
        (preset.Trainer.Threads, preset.Dynamics.MaxOptimizerSteps) = (null, 50);
        return preset;
    }

    private sealed class HookedEnvironment(int lastStep) : EnvironmentWrapper(new LineEnvironment())
    {
        private int _steps;

        public bool IsDisposed { get; private set; }

        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation) =>
            ++_steps <= lastStep ? base.Step(action, observation) : throw new IOException("the robot is unplugged");

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }

    private sealed class SeedListener(Action<SeedProgress> listen) : IProgress<SeedProgress>
    {
        public void Report(SeedProgress value) => listen(value);
    }

    private sealed class Written : IMetricsWriter
    {
        public long Steps { get; private set; }

        public bool IsDisposed { get; private set; }

        public void Write(long step, IReadOnlyDictionary<string, double> metrics) => Steps = step;

        public void Flush()
        {
        }

        public void Dispose() => IsDisposed = true;
    }
}
