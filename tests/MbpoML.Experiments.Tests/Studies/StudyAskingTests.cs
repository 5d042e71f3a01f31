using MbpoML.Experiments.Studies;
using MbpoML.Experiments.Tasks;
using MbpoML.Tests;

namespace MbpoML.Experiments.Tests.Studies;

public class StudyAskingTests
{
    private static readonly StudyOptions _planted = new()
    {
        Run = new RunSpec
        {
            Task = "Pendulum",
            Algorithm = "sac",
            Assignments = ["Trainer.InitialExplorationSteps=20", "Trainer.EpochLength=50", "Trainer.EvaluationEpisodes=1", "Policy.HiddenSizes=[8]"],
        },
        Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log")],
        Trials = 4,
        Steps = 450,
        FinalSeeds = 2,
    };

    // As a cluster does: the journal goes from one process to the next with each decision, and the runs end in another order.
    [Test]
    public async Task A_study_that_asks_and_is_told_writes_the_journal_of_one_that_trains()
    {
        using var folder = new TemporaryFolder();
        await Study.Create(folder["plain"], _planted).RunAsync(new PlantedExecutor((options, step) => Value(options.Seed, step)));
        var study = Study.Create(folder["asked"], _planted);
        IReadOnlyList<string> journal = study.Journal;
        while (Study.Restore("elsewhere", journal) is { Result: null } remote)
        {
            var look = remote.Ask()!;
            Assert.That(Study.Restore("elsewhere", remote.Journal).Ask(), Is.EqualTo(look), "whoever asks again is told the same");
            remote.Tell(look, [.. look.Runs.Select(run => new StudyRunResult(RunStatus.Finished, ValueAt(run), null))]);
            journal = remote.Journal;
            study.Adopt(journal);
        }

        Assert.That(File.ReadAllText(folder["asked", Study.JournalFile]), Is.EqualTo(File.ReadAllText(folder["plain", Study.JournalFile])));
        var plain = RunFolders.All([folder["plain"]]).Select(run => Path.GetRelativePath(folder["plain"], run.Path));
        Assert.That(study.RunsSoFar().Select(run => Path.GetRelativePath(study.Folder, study.FolderOf(run).Path)), Is.EquivalentTo(plain));
        Assert.That(study.Ask(), Is.Null);
    }

    [Test]
    public void The_options_of_a_run_can_be_sent_to_another_machine()
    {
        using var folder = new TemporaryFolder();
        var study = Study.Create(folder["study"], _planted);
        var options = study.OptionsOf(study.Ask()!.Runs[^1]);
        File.WriteAllText(folder["options.json"], options.ToJson());
        options.Write(folder["written.json"]);
        Assert.That(File.ReadAllText(folder["written.json"]), Is.EqualTo(options.ToJson()));
        Assert.That(RunOptions.Open(folder["options.json"], TaskCatalog.Analytic).IsSameRun(options));
    }

    private static double ValueAt(StudyRun run) =>
        Enumerable.Range(1, run.Steps / 50).Select(epoch => epoch * 50).Where(step => step > 0.75 * run.Steps).Average(step => Value(run.Seed, step));

    private static double Value(int seed, int step) => (step / 1000.0) + Math.Sin(seed);
}
