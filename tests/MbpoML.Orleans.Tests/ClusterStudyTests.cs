using System.Collections.Concurrent;
using System.Globalization;
using MbpoML.Experiments;
using MbpoML.Experiments.Studies;
using MbpoML.Experiments.Tests.Studies;

namespace MbpoML.Orleans.Tests;

/// <summary>A whole cluster in this process, without a server, whose runs are planted.</summary>
public class ClusterStudyTests
{
    private static readonly StudyOptions _planted = new()
    {
        Run = new RunSpec
        {
            Task = "Pendulum",
            Algorithm = "sac",
            Assignments = ["Trainer.InitialExplorationSteps=20", "Trainer.EpochLength=50", "Trainer.EvaluationEpisodes=1", "Policy.HiddenSizes=[8]"],
        },
        Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log"), StudyParameter.Parse("Policy.BatchSize=32..256")],
        Sampler = "tpe",
        Trials = 6,
        GenerationSize = 3,
        SeedsPerTrial = 2,
        Steps = 450,
        FinalSeeds = 2,
    };

    [Test]
    public async Task A_study_on_a_cluster_ends_as_on_one_machine_to_the_last_byte()
    {
        using var folder = new TemporaryFolder();
        await Study.Create(folder["plain"], _planted).RunAsync(new PlantedExecutor(Value), parallel: 2);
        var progress = new ConcurrentBag<StudyProgress>();
        var study = Study.Create(folder["cluster"], _planted);
        var result = await ClusterStudy.RunAsync(study, Options(folder), Worker(Value), progress: new Listener<StudyProgress>(progress.Add));
        Assert.Multiple(() =>
        {
            Assert.That(result!.Mean, Is.EqualTo(Study.Open(folder["plain"]).Result!.Mean));
            Assert.That(study.Result!.Trial, Is.EqualTo(result.Trial), "the study that was given knows its end");
            Assert.That(Files(folder["cluster"]), Is.EqualTo(Files(folder["plain"])));
            Assert.That(
                progress.Count(one => one is { Rung: not null, StepsOfRuns: null }), Is.InRange(1, 6),
                "three looks of two generations, as far as they are seen");
            Assert.That(Directory.EnumerateFiles(folder["store"], "*", SearchOption.AllDirectories), Is.Empty, "the end of a study clears the store");
        });
    }

    [Test]
    public async Task Trials_that_fail_are_failed_with_the_same_words()
    {
        using var folder = new TemporaryFolder();
        double? Some(RunOptions options, int steps) => options.Seed == 2 && BatchSize(options) > 150 ? null : Value(options, steps);
        await Study.Create(folder["plain"], _planted with { Trials = 3 }).RunAsync(new PlantedExecutor(Some));
        await ClusterStudy.RunAsync(Study.Create(folder["cluster"], _planted with { Trials = 3 }), Options(folder), Worker(Some));
        Assert.That(File.ReadAllText(folder["cluster", Study.JournalFile]), Is.EqualTo(File.ReadAllText(folder["plain", Study.JournalFile])));
        Assert.That(File.ReadAllText(folder["plain", Study.JournalFile]), Does.Contain("as planted"));
    }

    [Test]
    public async Task A_study_that_was_begun_on_one_machine_is_ended_by_a_cluster()
    {
        using var folder = new TemporaryFolder();
        await Study.Create(folder["plain"], _planted).RunAsync(new PlantedExecutor(Value));
        var study = Study.Create(folder["cluster"], _planted);
        using var stop = new CancellationTokenSource();
        var left = 8;
        Assert.That(
            await study.RunAsync(new PlantedExecutor(Value) { Before = () => StopAtZero(ref left, stop) }, cancellationToken: stop.Token), Is.Null);
        await ClusterStudy.RunAsync(study, Options(folder), Worker(Value));
        Assert.That(File.ReadAllText(folder["cluster", Study.JournalFile]), Is.EqualTo(File.ReadAllText(folder["plain", Study.JournalFile])));
    }

    [Test]
    public async Task A_study_that_was_stopped_on_a_cluster_is_ended_on_one_machine()
    {
        using var folder = new TemporaryFolder();
        await Study.Create(folder["plain"], _planted).RunAsync(new PlantedExecutor(Value));
        var study = Study.Create(folder["cluster"], _planted);
        using var stop = new CancellationTokenSource();
        var progress = new Listener<StudyProgress>(_ => stop.Cancel());
        Assert.That(await ClusterStudy.RunAsync(study, Options(folder), Worker(Value), progress: progress, cancellationToken: stop.Token), Is.Null);
        await study.RunAsync(new PlantedExecutor(Value));
        Assert.That(File.ReadAllText(folder["cluster", Study.JournalFile]), Is.EqualTo(File.ReadAllText(folder["plain", Study.JournalFile])));
    }

    [Test]
    public async Task A_study_of_which_every_trial_fails_says_so()
    {
        using var folder = new TemporaryFolder();
        var study = Study.Create(folder["cluster"], _planted with { Trials = 1 });
        await Assert.ThatAsync(
            () => ClusterStudy.RunAsync(study, Options(folder), Worker((_, _) => null)),
            Throws.TypeOf<RunDataException>().With.Message.Contains("none to choose").And.Message.Contains("as planted"));
    }

    [Test]
    public async Task A_study_at_its_end_needs_no_cluster()
    {
        using var folder = new TemporaryFolder();
        var study = Study.Create(folder["plain"], _planted);
        var result = await study.RunAsync(new PlantedExecutor(Value));
        var again = await ClusterStudy.RunAsync(Study.Open(folder["plain"]), Options(folder) with { Redis = "nowhere:1" });
        Assert.That(again!.Returns, Is.EqualTo(result!.Returns));
    }

    private static ClusterOptions Options(TemporaryFolder folder) => new()
    {
        Store = folder["store"],
        PollInterval = TimeSpan.FromSeconds(0.05),
        Pause = TimeSpan.Zero,
    };

    private static WorkerOptions Worker(Func<RunOptions, int, double?> value) => new() { Executor = new PlantedExecutor(value), Slots = 3 };

    private static void StopAtZero(ref int left, CancellationTokenSource stop)
    {
        if (--left == 0) stop.Cancel();
    }

    private static int BatchSize(RunOptions options) => int.Parse(options.Settings.Describe()["Policy.BatchSize"], CultureInfo.InvariantCulture);

    // Better the nearer to a rate of 1e-3, the larger the batch and the more steps; seeds differ.
    private static double? Value(RunOptions options, int steps) =>
        -Math.Abs(Math.Log10(double.Parse(options.Settings.Describe()["Policy.LearningRate"], CultureInfo.InvariantCulture)) + 3)
            + (BatchSize(options) / 1000.0) + (steps / 1e4) + (0.01 * Math.Sin(options.Seed));

    private static IReadOnlyList<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
            .Order(StringComparer.Ordinal).Select(file => $"{file}: {File.ReadAllText(Path.Combine(folder, file))}")];

    private sealed class Listener<T>(Action<T> listen) : IProgress<T>
    {
        public void Report(T value) => listen(value);
    }
}
