using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MbpoML.Experiments;
using MbpoML.Experiments.Studies;
using MbpoML.Experiments.Tests.Studies;
using MbpoML.Orleans.Leases;
using MbpoML.Orleans.Tests.Chaos;

namespace MbpoML.Orleans.Tests;

/// <summary>A run whose grain cannot begin, since the server has something else at its place.</summary>
public class SilentGrainTests
{
    private const string StudyName = "cluster";

    private static readonly StudyOptions _options = new()
    {
        Run = new RunSpec { Task = "Pendulum", Algorithm = "sac", Assignments = ["Trainer.InitialExplorationSteps=20", "Policy.HiddenSizes=[8]"] },
        Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log")],
        Sampler = "random",
        Trials = 1,
        GenerationSize = 1,
        SeedsPerTrial = 2,
        Rungs = 1,
        Steps = 100,
        FinalSeeds = 1,
    };

    [Test]
    [CancelAfter(120_000)]
    public async Task A_run_whose_grain_gives_no_answer_keeps_no_other_waiting(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        using var redis = new RedisServer(folder["redis"]);
        var options = new ClusterOptions { Store = folder["store"], Redis = redis.Address, PollInterval = TimeSpan.FromSeconds(0.05), Pause = TimeSpan.Zero };
        var place = $"{options.Name}/state/trial/{new StudyTask(StudyName, 0, 1, IsFinal: false).Key}/trial";
        Tell(redis, $"SET {place} nonsense");

        var trained = new ConcurrentQueue<int>();
        var executor = new PlantedExecutor((run, _) =>
        {
            // Only now the first run can be had.
            if (trained.IsEmpty) Tell(redis, $"DEL {place}");
            trained.Enqueue(run.Seed);
            return run.Seed;
        });
        var worker = new WorkerOptions { Executor = executor, Slots = 1 };
        var result = await ClusterStudy.RunAsync(Study.Create(folder[StudyName], _options), options, worker, cancellationToken: cancellationToken);
        Assert.That(trained.Distinct().Take(2), Is.EqualTo([2, 1]), "the second run went on while the first one had no grain");
        Assert.That(result, Is.Not.Null);
    }

    private static void Tell(RedisServer redis, string command)
    {
        using var client = new TcpClient("127.0.0.1", int.Parse(redis.Address.Split(':')[1], CultureInfo.InvariantCulture));
        client.GetStream().Write(Encoding.UTF8.GetBytes(command + "\r\n"));
        Assert.That(client.GetStream().ReadByte(), Is.AnyOf('+', ':'), command);
    }
}
