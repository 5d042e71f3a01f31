using MbpoML.Algorithms.PlaNet;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Training.Checkpoints;
using MbpoML.Training;
using MbpoML.Training.Watches;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML;
using CartPole = MbpoML.Environments.Tasks.CartPoleContinuousEnvironment;
using Pendulum = MbpoML.Environments.Tasks.PendulumEnvironment;

namespace MbpoML.Tests.Training;

/// <summary>Several environments of a run, which make their steps at once: what is learned never depends on which of them is faster.</summary>
public class EnvironmentsAtOnceTests
{
    [TestCase(OverlappedStages.None)]
    [TestCase(OverlappedStages.Environment)]
    public void A_run_is_the_same_without_threads_and_with_environments_that_dawdle(OverlappedStages overlap)
    {
        var plain = Train(overlap, () => new Pendulum());
        var random = new Random(5);
        Assert.That(Train(overlap, () => new Dawdling(new Pendulum(), random)), Is.EqualTo(plain));
        Assert.That(Train(overlap, () => new Pendulum(), onOneThread: true), Is.EqualTo(plain));
    }

    [Test]
    public void Steps_count_in_the_order_of_the_environments_and_none_is_under_way_where_exploration_and_epochs_end()
    {
        var host = new HostSettings { Steps = 20, EpochLength = 8, MaxEpisodeSteps = 100, MoreEnvironments = [new Marked(1), new Marked(2)] };
        var counters = new RunCounters { FirstPolicyStep = 4 };
        using var pool = new ReplayPool(new TransitionLayout(1, 1), 20);
        using var interaction = new Interaction(
            [new Marked(0), .. host.MoreEnvironments], pool, new NoisyPolicy(1, 1, 0, 0), host, counters, seed: 3,
            new EpisodeFailures(host, NullLogger.Instance));
        List<int> quiet = [];
        for (; counters.Step < 20; counters.Step++)
        {
            if (counters.Step < 4) interaction.StepRandomly();
            else interaction.StepWithPolicy();
            if (!interaction.IsUnderWay) quiet.Add(counters.Step + 1);
        }

        using var rows = pool.ToRows();
        using var seen = pool.Layout.Observation(rows);
        using var marks = seen.contiguous();
        Assert.That(marks.data<float>().ToArray(), Is.EqualTo(Enumerable.Range(0, 20).Select(step => (float)(step % 3))));
        Assert.That(quiet, Is.EqualTo(new[] { 3, 4, 7, 10, 12, 15, 18, 20 }), "rounds of three, cut at 4, 12 and 20");
    }

    [Test]
    public void A_run_that_is_stopped_among_the_steps_of_a_round_goes_on_as_if_it_had_never_been()
    {
        using var folder = new TemporaryFolder();
        string[] Learned(string name, IEnumerable<int> stops)
        {
            using var run = new StopAndGo(folder[name], preset => (preset.Trainer.EnvironmentsAtOnce, preset.Trainer.MoreEnvironments) =
                (3, [new CartPole(), new CartPole()]));
            foreach (var stop in stops) run.Go(stop, 0)?.Policy.Dispose();
            var report = run.RunThrough();
            report.Policy.Dispose();
            return StopAndGo.Metrics(report);
        }

        Assert.That(Learned("stopped", [5, 9, 40, 17, 60]), Is.EqualTo(Learned("through", [])));
    }

    [Test]
    public void An_environment_that_fails_begins_another_episode_and_the_others_go_on()
    {
        var host = new HostSettings
        {
            Steps = 30,
            EpochLength = 30,
            FailedEpisodes = FailedEpisodes.Drop,
            MoreEnvironments = [new HookedLineEnvironment { OnStep = (step, result) => step == 3 ? throw new IOException("unplugged") : result }],
        };
        var counters = new RunCounters { FirstPolicyStep = 30 };
        using var pool = new ReplayPool(new TransitionLayout(1, 1), 30);
        using var environments = new RunEnvironments(new LineEnvironment(), host);
        var failures = new EpisodeFailures(host, NullLogger.Instance);
        using var interaction = new Interaction(environments.AllTraining, pool, new NoisyPolicy(1, 1, 0, 0), host, counters, seed: 3, failures);
        for (; counters.Step < 30; counters.Step++) interaction.StepRandomly();
        Assert.That((pool.Count, failures.Count), Is.EqualTo((30, 1)));
    }

    [Test]
    public void An_algorithm_that_learns_from_whole_episodes_takes_one()
    {
        using var dot = new DotLineEnvironment();
        var options = new PlaNetTrainer.Options { Steps = 100, EnvironmentsAtOnce = 2, MoreEnvironments = [new DotLineEnvironment()] };
        Assert.That(() => new MLContext(seed: 1).Reinforcement().PlaNet(dot, options).Fit(), Throws.ArgumentException.With.Message.Contains("whole episodes"));
    }

    private static float[] Train(OverlappedStages overlap, Func<IEnvironment> create, bool onOneThread = false)
    {
        var preset = SmallRuns.Preset(steps: 100);
        (preset.Trainer.EnvironmentsAtOnce, preset.Trainer.MoreEnvironments) = (3, [create(), create()]);
        (preset.Trainer.EpochLength, preset.Trainer.EvaluationEpisodes, preset.Trainer.MaxEpisodeSteps) = (20, 1, 30);
        (preset.Dynamics.MaxOptimizerSteps, preset.Trainer.OverlapsOnOneThread, preset.Trainer.Overlap) = (30, onOneThread, overlap);
        using var environment = create();
        using var policy = new MLContext(seed: 1).Reinforcement().Mbpo(environment, preset).Fit();
        return [.. Enumerable.Range(-5, 11).Select(index => policy.Act([1, 0, index])[0])];
    }

    private sealed class Dawdling(IEnvironment inner, Random random) : EnvironmentWrapper(inner)
    {
        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            int wait;
            lock (random) wait = random.Next(4);
            Thread.Sleep(wait);
            return base.Step(action, observation);
        }
    }

    // Observes its number.
    private sealed class Marked(int number) : IEnvironment
    {
        public BoxSpace ObservationSpace { get; } = BoxSpace.Uniform(1, -1, 9);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -1, 1);

        public void Reset(int seed, Span<double> observation) => observation[0] = number;

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            observation[0] = number;
            return new StepResult(0, false);
        }
    }
}
