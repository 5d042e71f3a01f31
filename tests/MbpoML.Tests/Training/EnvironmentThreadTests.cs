using System.Collections.Concurrent;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.Mbpo.Sweeps;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Tests.Training.Checkpoints;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using MbpoML.Training.Watches;
using Microsoft.ML;

namespace MbpoML.Tests.Training;

/// <summary>
/// One thread calls an environment during a run, whatever the options: what simulators with a thread of their own need (COM, OpenGL, Python's lock).
/// </summary>
public class EnvironmentThreadTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private static IEnumerable<TestCaseData> EveryWay =>
        from overlap in new[] { OverlappedStages.None, OverlappedStages.Environment }
        from limited in new[] { false, true }
        select new TestCaseData(overlap, limited);

    // Episodes of 25 steps and an evaluation every 15: in the middle of most of them.
    [TestCaseSource(nameof(EveryWay))]
    public void Steps_resets_and_states_come_from_one_thread_and_give_the_same_run(OverlappedStages overlap, bool limited)
    {
        using var environment = new Threaded();
        var report = Train(environment, overlap, limited);
        Assert.That(environment.Names, Is.SupersetOf(["Reset", "Step", "GetState", "SetState"]));
        CheckThread(environment, ownThread: limited || overlap == OverlappedStages.Environment);
        using var plain = new CartPoleContinuousEnvironment();
        var same = Train(plain, overlap, limited: false, options => options.OverlapsOnOneThread = true);
        Assert.That(StopAndGo.Metrics(report), Is.EqualTo(StopAndGo.Metrics(same)));
    }

    [TestCaseSource(nameof(EveryWay))]
    public void An_evaluation_environment_has_one_thread_as_well(OverlappedStages overlap, bool limited)
    {
        using var environment = new Threaded();
        using var evaluation = new Threaded();
        Train(environment, overlap, limited, options => options.EvaluationEnvironment = evaluation);
        CheckThread(environment, ownThread: limited || overlap == OverlappedStages.Environment);
        CheckThread(evaluation, ownThread: limited);
    }

    [TestCaseSource(nameof(EveryWay))]
    public void The_training_environment_given_for_evaluation_too_is_one_environment(OverlappedStages overlap, bool limited)
    {
        using var environment = new Threaded();
        var report = Train(environment, overlap, limited, options => options.EvaluationEnvironment = environment);
        CheckThread(environment, ownThread: limited || overlap == OverlappedStages.Environment);
        using var alone = new Threaded();
        Assert.That(StopAndGo.Metrics(report), Is.EqualTo(StopAndGo.Metrics(Train(alone, overlap, limited))), "evaluated within its episodes, not across them");
    }

    [TestCaseSource(nameof(EveryWay))]
    public void A_run_that_is_stopped_and_resumed_has_one_thread_each_time(OverlappedStages overlap, bool limited)
    {
        using var folder = new TemporaryFolder();
        void Save(MbpoTrainer.Options options) => options.Checkpoints = new Checkpointing { Folder = folder["run"], EverySteps = 20, Every = null };
        using var whole = new Threaded();
        var expected = StopAndGo.Metrics(Train(whole, overlap, limited));
        using var source = new CancellationTokenSource();
        using var first = new Threaded { OnStep = step => { if (step == 90) source.Cancel(); } };
        Assert.That(
            () => Train(first, overlap, limited, options =>
            {
                Save(options);
                options.CancellationToken = source.Token;
            }), Throws.TypeOf<TrainingCanceledException>());
        using var second = new Threaded();
        Assert.That(StopAndGo.Metrics(Train(second, overlap, limited, Save, folder["run"])), Is.EqualTo(expected));
        foreach (var environment in (Threaded[])[first, second])
        {
            Assert.That(environment.Names, Is.SupersetOf(["Step", environment == second ? "SetState" : "GetState"]));
            CheckThread(environment, ownThread: limited || overlap == OverlappedStages.Environment);
        }
    }

    [TestCaseSource(nameof(EveryWay))]
    public void Episodes_that_are_dropped_change_no_thread(OverlappedStages overlap, bool limited)
    {
        using var environment = new Threaded { OnStep = step => { if (step is 20 or 70 or 88) throw new TaskCanceledException("too late"); } };
        var report = Train(environment, overlap, limited, options => options.FailedEpisodes = FailedEpisodes.Drop);
        Assert.That(report.History[^1].Values[MetricNames.TrainingFailedEpisodes], Is.EqualTo(3));
        CheckThread(environment, ownThread: limited || overlap == OverlappedStages.Environment);
    }

    [TestCaseSource(nameof(EveryWay))]
    public void In_a_sweep_the_thread_that_calls_an_environment_also_makes_and_disposes_it(OverlappedStages overlap, bool limited)
    {
        var environments = new ConcurrentDictionary<int, Threaded>();
        var options = new SeedSweep.Options { Preset = _ => Preset(overlap, limited) };
        var runs = new MLContext(1).Reinforcement()
            .MbpoSeeds(seed => environments[seed] = new Threaded { MadeBy = Environment.CurrentManagedThreadId }, options).Train([1, 2]);
        foreach (var run in runs)
        {
            Assert.That(run.Exception, Is.Null);
            var environment = environments[run.Seed];
            Assert.That(environment.Names, Is.SupersetOf(["Reset", "Step", "GetState", "SetState", "Dispose"]));
            Assert.That(environment.Threads, Is.EqualTo([environment.MadeBy]));
            using var alone = new Threaded();
            Assert.That(StopAndGo.Metrics(run.Report!), Is.EqualTo(StopAndGo.Metrics(Train(alone, overlap, limited, seed: run.Seed))));
            run.Report!.Policy.Dispose();
        }
    }

    // Its options are known only when it is there.
    [Test]
    public void That_holds_where_the_environment_brings_its_own_preset()
    {
        var environments = new List<Presetting>();
        var run = new MLContext(1).Reinforcement().MbpoSeeds(_ =>
        {
            environments.Add(new Presetting { MadeBy = Environment.CurrentManagedThreadId });
            return environments[^1];
        }).Train([1])[0];
        Assert.That(run.Exception, Is.Null);
        Assert.That((environments.Count, run.Report!.Steps), Is.EqualTo((1, 120)));
        Assert.That(environments[0].Threads, Is.EqualTo([environments[0].MadeBy]));
        Assert.That(environments[0].Names, Does.Contain("Dispose"));
        run.Report.Policy.Dispose();
    }

    [Test]
    public void A_seed_whose_environment_hangs_ends_and_leaves_it_alone()
    {
        using var gate = new ManualResetEventSlim();
        var environment = new Threaded { OnStep = step => { if (step == 30) gate.Wait(); } };
        var options = new SeedSweep.Options
        {
            Preset = _ =>
            {
                var preset = Preset(OverlappedStages.None, limited: true);
                preset.Trainer.StepTimeout = TimeSpan.FromSeconds(0.3);
                return preset;
            },
        };
        var run = new MLContext(1).Reinforcement().MbpoSeeds(_ => environment, options).Train([1])[0];
        Assert.That(run.Exception, Is.TypeOf<TrainingFailedException>().With.Message.Contains("did not come back from Step within 0.3 s"));
        Assert.That(environment.Names, Does.Not.Contain("Dispose"), "it is still at work");
        gate.Set();
        Assert.That(() => environment.Names, Does.Contain("Dispose").After(10_000, 10));
        Assert.That(environment.Threads, Has.Count.EqualTo(1));
        run.Report!.Policy.Dispose();
    }

    [Test]
    public void A_watched_environment_gives_and_takes_its_state_on_the_thread_that_steps_it()
    {
        var inner = new Threaded();
        var environment = inner.WithStepTimeout(Long);
        environment.Reset(1, new double[4]);
        var state = new double[environment.StateSize];
        environment.GetState(state);
        environment.Step([1], new double[4]);
        environment.SetState(state);
        environment.Dispose();
        Assert.That(inner.Names, Is.EquivalentTo(["StateSize", "Reset", "Step", "GetState", "SetState", "Dispose"]));
        CheckThread(inner, ownThread: true);
    }

    private static void CheckThread(Threaded environment, bool ownThread)
    {
        Assert.That(environment.Threads, Has.Count.EqualTo(1));
        Assert.That(environment.Threads, ownThread ? Does.Not.Contain(Environment.CurrentManagedThreadId) : Does.Contain(Environment.CurrentManagedThreadId));
    }

    private static TrainingReport Train(
        IEnvironment environment, OverlappedStages overlap, bool limited, Action<MbpoTrainer.Options>? change = null, string? resumed = null, int seed = 1)
    {
        var preset = Preset(overlap, limited);
        change?.Invoke(preset.Trainer);
        var trainer = new MLContext(seed).Reinforcement().Mbpo(environment, preset);
        var report = resumed is null ? trainer.Train() : trainer.Resume(resumed);
        report.Policy.Dispose();
        return report;
    }

    private static MbpoPreset Preset(OverlappedStages overlap, bool limited)
    {
        var preset = SmallRuns.Preset(120);
        (preset.Trainer.Overlap, preset.Trainer.StepTimeout) = (overlap, limited ? Long : null);
        (preset.Trainer.MaxEpisodeSteps, preset.Trainer.EpochLength, preset.Trainer.EvaluationEpisodes, preset.Trainer.UpdatesPerStep) = (25, 15, 1, 1);
        (preset.Dynamics.HiddenSizes, preset.Dynamics.MaxOptimizerSteps, preset.Rollouts.BatchSize, preset.Trainer.ModelReturnRollouts) = ([8, 8], 10, 50, 0);
        return preset;
    }

    /// <summary>A cart-pole that writes down who calls it.</summary>
    private class Threaded() : EnvironmentWrapper(new CartPoleContinuousEnvironment())
    {
        private readonly ConcurrentDictionary<(string Name, int Thread), bool> _calls = [];
        private int _steps;

        public int MadeBy { get; init; }

        public Action<int> OnStep { get; init; } = _ => { };

        public IEnumerable<string> Names => _calls.Keys.Select(call => call.Name).Distinct();

        public IReadOnlyCollection<int> Threads => [.. _calls.Keys.Select(call => call.Thread).Distinct()];

        public override int StateSize => Note("StateSize", base.StateSize);

        public override void Reset(int seed, Span<double> observation)
        {
            Note("Reset", 0);
            base.Reset(seed, observation);
        }

        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            Note("Step", 0);
            OnStep(++_steps);
            return base.Step(action, observation);
        }

        public override void GetState(Span<double> state)
        {
            Note("GetState", 0);
            base.GetState(state);
        }

        public override void SetState(ReadOnlySpan<double> state)
        {
            Note("SetState", 0);
            base.SetState(state);
        }

        protected override void Dispose(bool disposing)
        {
            // A test's own environment is disposed by the test, after it has looked.
            Note("Dispose", 0);
            base.Dispose(disposing);
        }

        private int Note(string name, int value)
        {
            _calls[(name, Environment.CurrentManagedThreadId)] = true;
            return value;
        }
    }

    private sealed class Presetting : Threaded, IPresetProvider
    {
        public MbpoPreset CreatePreset() => Preset(OverlappedStages.Environment, limited: true);
    }
}
