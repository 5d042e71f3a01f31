using System.Text;
using MbpoML.Dashboard.Runs;
using MbpoML.Tests;

namespace MbpoML.Dashboard.Tests.Runs;

[Category("Text")]
public class StudyReaderTests
{
    [Test]
    public void A_journal_gives_axes_trials_and_result()
    {
        var study = Read(Journal());
        Assert.Multiple(() =>
        {
            Assert.That((study.Task, study.Sampler, study.PlannedTrials, study.Rungs), Is.EqualTo(("Pendulum", "tpe", 4, 2)));
            Assert.That(study.Parameters.Select(parameter => (parameter.Path, parameter.IsLogarithmic)),
                Is.EqualTo(new[] { ("Policy.LearningRate", true), ("Policy.HiddenSizes", false) }));
            Assert.That(study.Parameters[1].Choices, Is.EqualTo(new[] { "[64]", "[128]" }));
            Assert.That(study.Trials.Select(trial => trial.Status), Is.EqualTo(new[] { "finished", "open", "open", "pruned" }));
            Assert.That(study.Trials[0].Returns, Is.EqualTo(new[] { 0.0, -50 }));
            Assert.That(study.Trials[2].Values, Is.EqualTo(new[] { "0.002", "[64]" }));
            Assert.That(study.Winner!.Returns, Is.EqualTo(new[] { -40.0, -44 }));
            Assert.That(study.Notes, Is.Empty);
        });
    }

    [Test]
    public void A_winner_that_failed_is_none()
    {
        var journal = Journal();
        var ended = journal.LastIndexOf("{\"event\":\"ended\"", StringComparison.Ordinal);
        var study = Read(journal[..ended] + "{\"event\":\"winner-failed\",\"trial\":0,\"failure\":\"With a fresh seed: no\"}\n");
        Assert.That(study.Winner, Is.Null);
        Assert.That((study.Trials[0].Status, study.Trials[0].Failure), Is.EqualTo(("failed", "With a fresh seed: no")));
        Assert.That(study.Notes, Is.Empty);
    }

    [Test]
    public void A_torn_last_line_has_not_happened()
    {
        var journal = Journal();
        Assert.That(Read(journal[..^5]).Winner!.Returns, Is.Empty);
        Assert.That(Read(journal[..^5]).Notes, Is.Empty);
    }

    [TestCase("{\"event\":\"proposed\",\"trial\":9,\"place\":[0,0],\"assignments\":[]}")]
    [TestCase("{\"event\":\"proposed\",\"trial\":4,\"place\":[0,2],\"assignments\":[\"a=1\",\"b=1\"]}")]
    [TestCase("{\"event\":\"reached\",\"trial\":99,\"value\":1}")]
    [TestCase("{\"event\":\"reached\",\"trial\":0,\"value\":1e999}")]
    [TestCase("{\"event\":\"hacked\"}")]
    [TestCase("{\"event\":7}")]
    [TestCase("<script>")]
    [TestCase("null")]
    public void A_line_that_does_not_follow_is_left_out_and_counted(string line)
    {
        var study = Read(Journal() + line + "\n");
        Assert.That((study.Trials.Count, study.Notes.Single()), Is.EqualTo((4, "1 lines of its journal cannot be read and were left out.")));
    }

    [Test]
    public void A_journal_that_cannot_be_read_says_so() =>
        Assert.That(StudyReader.Read("id", "name", null).Notes, Is.EqualTo(new[] { "Its journal cannot be read, or is too long." }));

    private static StudySummary Read(string journal) => StudyReader.Read("id", "name", Encoding.UTF8.GetBytes(journal));

    private static string Journal()
    {
        using var folder = new TemporaryFolder();
        return File.ReadAllText(Path.Combine(PlantedRuns.WriteStudy(folder.FullName, "study"), "journal.jsonl"));
    }
}
