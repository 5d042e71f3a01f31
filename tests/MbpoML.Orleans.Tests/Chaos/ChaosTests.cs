using System.Collections.Concurrent;
using MbpoML.Experiments;
using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Studies;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Orleans.Tests.Chaos;

/// <summary>
/// Workers of the tool in processes of their own and a real Redis server, which die while a study goes: the short form of the benchmark cluster-chaos.
/// </summary>
[Platform("Linux", Reason = "Signals are those of Linux.")]
public class ChaosTests
{
    private const int Interval = 100;

    private static readonly StudyOptions _options = new()
    {
        Run = new RunSpec
        {
            Task = "Pendulum",
            Algorithm = "sac",
            Assignments =
            [
                "Trainer.InitialExplorationSteps=50", "Trainer.EpochLength=100", "Trainer.EvaluationEpisodes=1", "Trainer.MaxEpisodeSteps=50",
                "Policy.HiddenSizes=[8]", "Policy.BatchSize=16", "Trainer.UpdatesPerStep=2", $"Trainer.Checkpoints.EverySteps={Interval}",
            ],
        },
        Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log")],
        Sampler = "random",
        Trials = 2,
        GenerationSize = 2,
        SeedsPerTrial = 1,
        Rungs = 1,
        Steps = 3000,
        FinalSeeds = 1,
    };

    [Test]
    [CancelAfter(240_000)]
    public async Task A_study_survives_a_killed_worker_a_sleeping_one_and_a_restart_of_the_server(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var executor = new InProcessExecutor(TaskCatalog.Analytic);
        await Study.Create(folder["plain"], _options).RunAsync(executor, parallel: 2, cancellationToken: cancellationToken);

        using var redis = new RedisServer(folder["redis"]);
        using var first = new WorkerProcess(WorkerProcess.Tool, redis.Address, folder["store"], slots: 1);
        using var second = new WorkerProcess(WorkerProcess.Tool, redis.Address, folder["store"], slots: 1);
        var notes = new ConcurrentQueue<string>();
        var study = Study.Create(folder["cluster"], _options);
        var run = ClusterStudy.RunAsync(
            study, new ClusterOptions { Store = folder["store"], Redis = redis.Address }, notes: new Listener(notes.Enqueue),
            cancellationToken: cancellationToken);

        // Where it takes too long they say why.
        using var told = new Told(notes);
        await Until(() => run.IsCompleted || HasCheckpoint(folder["store"], first.Name, notes), cancellationToken);
        first.Kill();
        using var late = new WorkerProcess(WorkerProcess.Tool, redis.Address, folder["store"], slots: 1);
        await Until(() => run.IsCompleted || notes.Any(note => note.Contains("epoch 2", StringComparison.Ordinal)), cancellationToken);
        // It has a run, whose process goes on in a folder that nobody reads any more.
        late.Sleep();
        redis.Kill();
        await Task.Delay(1000, cancellationToken);
        redis.Start();
        await Task.Delay(7000, cancellationToken);
        late.Wake();
        var result = await run;
        Assert.Multiple(() =>
        {
            Assert.That(StudyContent.Of(folder["cluster"]), Is.EqualTo(StudyContent.Of(folder["plain"])));
            Assert.That(result!.Mean, Is.EqualTo(Study.Open(folder["plain"]).Result!.Mean));
            foreach (var repeated in notes.Select(RepeatedWork.In).OfType<RepeatedWork>())
                Assert.That(repeated.Steps, Is.LessThanOrEqualTo(repeated.HandOvers * Interval), "at most one interval of checkpoints a fault");
        });
    }

    // A run of a worker has got somewhere.
    private static bool HasCheckpoint(string store, string worker, ConcurrentQueue<string> notes) =>
        notes.FirstOrDefault(note => note.Contains(worker, StringComparison.Ordinal)) is { } note && Directory.Exists(store) &&
            Directory.EnumerateFiles(store, "*.checkpoint", SearchOption.AllDirectories)
                .Any(file => file.Contains(note.Split(' ')[0], StringComparison.Ordinal));

    private static async Task Until(Func<bool> holds, CancellationToken cancellationToken)
    {
        while (!holds()) await Task.Delay(50, cancellationToken);
    }

    private sealed class Told(ConcurrentQueue<string> notes) : IDisposable
    {
        public void Dispose()
        {
            foreach (var note in notes) TestContext.Out.WriteLine(note);
        }
    }

    private sealed class Listener(Action<string> listen) : IProgress<string>
    {
        public void Report(string value) => listen(value);
    }
}
