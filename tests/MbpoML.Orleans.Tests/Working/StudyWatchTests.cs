using System.Reflection;
using MbpoML.Experiments;
using MbpoML.Experiments.Studies;
using MbpoML.Orleans.Grains;
using MbpoML.Orleans.Leases;
using MbpoML.Orleans.Store;
using MbpoML.Orleans.Working;

namespace MbpoML.Orleans.Tests.Working;

/// <summary>The side of a study that brings its runs, with grains that answer as a test wants.</summary>
public class StudyWatchTests
{
    private const string Life = "a1";

    // A worker that slept answers for a while how everything was before it slept: the others have taken the run over, and deleted its old folder in part.
    [TestCase(3, 0, true)]
    [TestCase(3, 0, false)]
    [TestCase(3, 50, true)]
    [TestCase(0, 0, false)]
    [CancelAfter(60_000)]
    public async Task What_a_worker_tells_that_slept_is_not_believed(int epoch, int steps, bool hasOldFolder, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var study = Ended(folder["study"]);
        var cluster = new ClusterOptions { Store = folder["store"], PollInterval = TimeSpan.FromSeconds(0.05) };
        var folders = new EpochFolders(cluster.Store);
        foreach (var run in study.RunsSoFar())
        {
            Write(folders.Of(StudyTask.Of("study", run), Life, 4), "the end");
            if (hasOldFolder) Write(folders.Of(StudyTask.Of("study", run), Life, 3), "of old");
        }

        var looks = 0;
        var grains = Grains.That(() =>
        {
            var isOld = ++looks <= 6;
            return isOld ? Situation(epoch, steps, new PromotedCheckpoint(epoch, "step-000000000100.checkpoint", 100, "0")) : Situation(4, 100, null);
        });
        var result = await new StudyWatch(study, cluster, grains, progress: null, notes: null).RunAsync(cancellationToken);
        Assert.That(result!.Trial, Is.Zero);
        foreach (var run in study.RunsSoFar())
            Assert.That(File.ReadAllText(Path.Combine(study.FolderOf(run).Path, "metrics.jsonl")), Is.EqualTo("the end"), $"{run}");
    }

    // A call whose grain or server goes away in between may come back as cancelled, though nobody cancelled it. It ended the study without a word.
    [Test]
    [CancelAfter(60_000)]
    public async Task A_call_that_the_cluster_cancels_is_asked_again(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var (study, cluster) = WithRuns(folder);
        var (studyLooks, runLooks, notes) = (0, 0, new List<string>());
        var grains = Grains.That(
            () => ++runLooks == 1 ? throw new OperationCanceledException("The server left.") : Situation(4, 100, null),
            () => ++studyLooks == 1 ? throw new TaskCanceledException("The silo left.") : StudyNews.Unknown with { Life = Life });
        var result = await new StudyWatch(study, cluster, grains, progress: null, new ListProgress(notes)).RunAsync(cancellationToken);
        Assert.That(result!.Trial, Is.Zero);
        Assert.That(notes, Has.One.Contains("The silo left.").And.One.Contains("The server left."));
    }

    // Workers elsewhere tell nothing to whoever looks on: without this their steps came to light at the end of a look.
    [Test]
    [CancelAfter(60_000)]
    public async Task Steps_of_runs_elsewhere_are_told_as_they_come(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var (study, cluster) = WithRuns(folder);
        var (looks, told) = (0, new List<StudyProgress>());
        var ended = StudyNews.Unknown with { Life = Life };
        long[][] steps = [[0, 0], [20, 0], [20, 0], [60, 40]];
        // Before the last look nothing is brought.
        var grains = Grains.That(
            () => looks > steps.Length ? Situation(4, 100, null) : throw new TimeoutException(),
            () => ++looks > steps.Length ? ended : ended with { Rung = 0, Trials = [0, 1], Steps = steps[looks - 1] });
        await new StudyWatch(study, cluster, grains, new Listener(told), notes: null).RunAsync(cancellationToken);
        Assert.That(told.Select(one => one.StepsOfRuns), Is.EqualTo(new long[]?[] { null, [0, 0], [20, 0], [60, 40] }));
    }

    // A study at its end whose runs lie in the store, each in the folder of epoch 4.
    private static (Study Study, ClusterOptions Cluster) WithRuns(TemporaryFolder folder)
    {
        var study = Ended(folder["study"]);
        var cluster = new ClusterOptions { Store = folder["store"], PollInterval = TimeSpan.FromSeconds(0.05) };
        foreach (var run in study.RunsSoFar()) Write(new EpochFolders(cluster.Store).Of(StudyTask.Of("study", run), Life, 4), "the end");
        return (study, cluster);
    }

    private static Study Ended(string folder)
    {
        var study = Study.Create(folder, new StudyOptions
        {
            Run = new RunSpec
            {
                Task = "Pendulum",
                Algorithm = "sac",
                Assignments = ["Trainer.InitialExplorationSteps=20", "Trainer.EpochLength=50", "Trainer.EvaluationEpisodes=1", "Policy.HiddenSizes=[8]"],
            },
            Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log")],
            Sampler = "random",
            Trials = 1,
            GenerationSize = 1,
            SeedsPerTrial = 1,
            Rungs = 1,
            Steps = 100,
            FinalSeeds = 1,
        });
        while (study.Ask() is { } look) study.Tell(look, [.. look.Runs.Select(_ => new StudyRunResult(RunStatus.Finished, -1, null))]);
        return study;
    }

    private static void Write(RunFolder run, string content)
    {
        Directory.CreateDirectory(run.Path);
        File.WriteAllText(run.Options, "{}");
        File.WriteAllText(Path.Combine(run.Path, "metrics.jsonl"), content);
    }

    private static TrialSituation Situation(int epoch, int steps, PromotedCheckpoint? checkpoint) =>
        new(epoch, null, steps, epoch, -1, null, checkpoint, epoch, 1, 0);

    /// <summary>Gives grains that know a study at its end, and its runs as they are told.</summary>
    public class Grains : DispatchProxy
    {
        private Func<object> _situation = null!, _news = null!;

        internal static IGrainFactory That(Func<TrialSituation> situation, Func<StudyNews>? news = null)
        {
            var factory = Create<IGrainFactory, Grains>();
            ((Grains)(object)factory)._situation = situation;
            ((Grains)(object)factory)._news = news ?? (() => StudyNews.Unknown with { Life = Life });
            return factory;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var grain = targetMethod!.GetGenericArguments().Single();
            return grain == typeof(ITrialGrain) ? new LookedAtTrial(() => (TrialSituation)_situation()) : new EndedStudy(() => (StudyNews)_news());
        }
    }

    private sealed class EndedStudy(Func<StudyNews> news) : IStudyGrain
    {
        public Task<StudyNews> BeginAsync(StudyBeginning beginning) => LookAsync(0);

        public Task<StudyNews> LookAsync(int known) => Task.FromResult(news());

        public Task ForgetAsync() => Task.CompletedTask;

        public Task<TrialLease?> TakeAsync(WorkerSlot slot) => throw new NotSupportedException();
    }

    private sealed class Listener(List<StudyProgress> told) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value) => told.Add(value);
    }

    private sealed class ListProgress(List<string> notes) : IProgress<string>
    {
        public void Report(string value) => notes.Add(value);
    }

    private sealed class LookedAtTrial(Func<TrialSituation> situation) : ITrialGrain
    {
        public Task<TrialSituation> LookAsync(string life) => Task.FromResult(situation());

        public Task<bool> BeatAsync(long epoch, long steps, PromotedCheckpoint? checkpoint) => throw new NotSupportedException();

        public Task<bool> ReturnAsync(long epoch, int steps, TrialReturn given) => throw new NotSupportedException();

        public Task<LeaseReply> LeaseAsync(TrialOrder order, WorkerSlot slot) => throw new NotSupportedException();

        public Task ForgetAsync() => throw new NotSupportedException();
    }
}
