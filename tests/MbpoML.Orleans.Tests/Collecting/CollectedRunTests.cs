using System.Collections.Concurrent;
using MbpoML.Environments;
using MbpoML.Experiments;
using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Tasks;
using MbpoML.Orleans.Collecting;
using MbpoML.Orleans.Tests.Chaos;
using Fault = MbpoML.Orleans.Tests.Collecting.FakeCollectors.Fault;

namespace MbpoML.Orleans.Tests.Collecting;

/// <summary>Whole runs whose steps are made by collectors end as with environments of their own: every metric and the policy to the last byte.</summary>
public class CollectedRunTests
{
    private const int Steps = 200, Episode = 40, Environments = 3;

    private static readonly RunSpec _spec = new()
    {
        Task = "Pendulum",
        Algorithm = "sac",
        Assignments =
        [
            $"Trainer.Steps={Steps}", "Trainer.InitialExplorationSteps=50", "Trainer.EpochLength=75", "Trainer.EvaluationEpisodes=1",
            $"Trainer.MaxEpisodeSteps={Episode}", "Policy.HiddenSizes=[8]", "Policy.BatchSize=16", $"Trainer.EnvironmentsAtOnce={Environments}",
        ],
    };

    [Test]
    public async Task A_run_is_the_same_for_one_two_and_three_collectors_while_they_die_and_lose_answers()
    {
        using var folder = new TemporaryFolder();
        var plain = await RunAsync(folder["plain"], null);
        foreach (var nodes in new[] { 1, 2, 3 })
        {
            var (books, calls, killed) = (new BookKeeper(), 0, 0);
            var collectors = new FakeCollectors(nodes)
            {
                Faults = (_, _) => Interlocked.Increment(ref calls) switch
                {
                    100 or 200 when Interlocked.Increment(ref killed) < nodes => Fault.Killed,
                    var call when call % 70 == 0 => Fault.AnswerLost,
                    _ => Fault.None,
                },
            };
            Assert.That(await RunAsync(folder[$"nodes-{nodes}"], task => collectors.Create(task, books)), Is.EqualTo(plain), $"{nodes} collectors");
            AssertBooks(books.Books);
            Assert.That(books.Books.HandOvers, nodes == 1 ? Is.Zero : Is.GreaterThanOrEqualTo(nodes - 1), $"{nodes} collectors");
        }
    }

    [Test]
    public async Task A_cluster_in_one_process_needs_no_server()
    {
        using var folder = new TemporaryFolder();
        var cluster = new ClusterOptions { Store = folder["store"], PollInterval = TimeSpan.FromSeconds(0.05) };
        await using var pool = await CollectorPool.ConnectAsync(
            cluster, new WorkerOptions { Executor = new InProcessExecutor(TaskCatalog.Analytic), Slots = 0, Collectors = Environments });
        Assert.That(await RunAsync(folder["collected"], pool.Create), Is.EqualTo(await RunAsync(folder["plain"], null)));
        AssertBooks(pool.Books);
        Assert.That(pool.Books, Is.EqualTo(new CollectorBooks(pool.Books.Asked, pool.Books.Asked, 0, 0, 0, 0, 0)));
        Assert.That(Directory.Exists(folder["store"]), Is.False, "steps go as messages");
    }

    [Test]
    [CancelAfter(120_000)]
    [Platform("Linux", Reason = "Processes are killed by signals of Linux.")]
    public async Task A_run_goes_on_where_a_worker_that_steps_its_environments_is_killed(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        using var redis = new RedisServer(folder["redis"]);
        using var first = Worker(redis, folder["store"]);
        using var second = Worker(redis, folder["store"]);
        var plain = await RunAsync(folder["plain"], null);
        var notes = new ConcurrentQueue<string>();
        await Until(() => new[] { first, second }.All(worker => worker.Lines.Any(line => line.Contains("is in the cluster", StringComparison.Ordinal))),
            cancellationToken);
        await using var pool = await CollectorPool.ConnectAsync(
            new ClusterOptions { Store = folder["store"], Redis = redis.Address, LeaseTime = TimeSpan.FromSeconds(2) },
            notes: new Listener(notes.Enqueue), cancellationToken: cancellationToken);
        var run = RunAsync(folder["collected"], pool.Create);
        await Until(() => pool.Books.Delivered > 60 || run.IsCompleted, cancellationToken);
        first.Kill();
        Assert.That(await run, Is.EqualTo(plain));
        foreach (var note in notes) await TestContext.Out.WriteLineAsync(note);
        await TestContext.Out.WriteLineAsync(pool.Books.ToString());
        AssertBooks(pool.Books);
        Assert.That(notes, Has.Some.Contains($"goes on at {second.Name}"));
    }

    private static WorkerProcess Worker(RedisServer redis, string store) =>
        new(WorkerProcess.Tool, redis.Address, store, slots: 0, "--collectors", "3", "--lease", "2");

    private static async Task<string[]> RunAsync(string folder, Func<TrainingTask, IEnvironment>? environments)
    {
        var outcome = await new InProcessExecutor(TaskCatalog.Analytic) { Environments = environments }.RunAsync(_spec, new RunFolder(folder));
        Assert.That(outcome.Status, Is.EqualTo(RunStatus.Finished), outcome.Failure);
        return [.. StudyContent.Of(new RunFolder(folder), "run")];
    }

    // Each step of the run and of its evaluations, and a reset for each episode.
    private static void AssertBooks(CollectorBooks books)
    {
        const int Evaluations = 2;
        Assert.Multiple(() =>
        {
            Assert.That(books.Balance);
            Assert.That(books.Delivered, Is.InRange(Steps + (Evaluations * (Episode + 1)) + Environments, Steps + (Evaluations * (Episode + 1)) + 9));
        });
    }

    private static async Task Until(Func<bool> holds, CancellationToken cancellationToken)
    {
        while (!holds()) await Task.Delay(20, cancellationToken);
    }

    private sealed class Listener(Action<string> listen) : IProgress<string>
    {
        public void Report(string value) => listen(value);
    }
}
