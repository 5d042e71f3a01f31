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
        private Func<object> _situation = null!;

        internal static IGrainFactory That(Func<TrialSituation> situation)
        {
            var factory = Create<IGrainFactory, Grains>();
            ((Grains)(object)factory)._situation = situation;
            return factory;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var grain = targetMethod!.GetGenericArguments().Single();
            return grain == typeof(ITrialGrain) ? new LookedAtTrial(() => (TrialSituation)_situation()) : new EndedStudy();
        }
    }

    private sealed class EndedStudy : IStudyGrain
    {
        public Task<StudyNews> BeginAsync(StudyBeginning beginning) => LookAsync(0);

        public Task<StudyNews> LookAsync(int known) => Task.FromResult(StudyNews.Unknown with { Life = Life });

        public Task ForgetAsync() => Task.CompletedTask;

        public Task<TrialLease?> TakeAsync(WorkerSlot slot) => throw new NotSupportedException();
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
