using MbpoML.Experiments.Studies;
using MbpoML.Tests;

namespace MbpoML.Experiments.Tests.Studies;

/// <summary>Options and journals that a study does not take.</summary>
public class StudyRefusalTests
{
    private static StudyOptions Planted => StudyTests.Planted;

    private static IEnumerable<TestCaseData> Bad => Refused.Select(row => new TestCaseData(row.Options, row.Message).SetArgDisplayNames(row.Message));

    private static IEnumerable<(StudyOptions Options, string Message)> Refused =>
    [
        (Planted with { Space = [] }, "Space is empty"),
        (Planted with { Space = [.. Planted.Space, StudyParameter.Parse("policy.learningrate=0.1..0.2")] }, "2 times"),
        (Planted with { Space = [StudyParameter.Parse("Policy.LerningRate=0.1..0.2")] }, "There is no option 'Policy.LerningRate'"),
        (Planted with { Space = [StudyParameter.Parse("Policy.Discount=0.9..1.5")] }, "Discount"),
        (Planted with { Sampler = "tpa" }, "Did you mean tpe?"),
        (Planted with { Trials = 0 }, "Trials is 0"),
        (Planted with { SeedsPerTrial = 0 }, "SeedsPerTrial is 0"),
        (Planted with { GenerationSize = 0 }, "GenerationSize is 0"),
        (Planted with { Sampler = "cma-es", GenerationSize = 9 }, "draws generations of 6 for 2 parameters"),
        (Planted with { Rungs = 0 }, "Rungs is 0"),
        (Planted with { Reduction = 1 }, "Reduction is 1"),
        (Planted with { FinalSeeds = 0 }, "FinalSeeds is 0"),
        (Planted with { Seed = -1 }, "Seed is -1"),
        (Planted with { Steps = 60 }, "The first look at trials would be after 7 of 60 steps"),
        (Planted with { Run = Planted.Run with { Task = "Pendulem" } }, "There is no task"),
    ];

    [TestCaseSource(nameof(Bad))]
    public void What_cannot_be_is_refused_before_anything_is_written(StudyOptions options, string message)
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Study.Create(folder["study"], options), Throws.TypeOf<RunSpecException>().With.Message.Contains(message));
        Assert.That(Directory.Exists(folder["study"]), Is.False);
    }

    [Test]
    public void A_damaged_journal_says_which_line()
    {
        using var folder = new TemporaryFolder();
        Study.Create(folder["study"], Planted);
        var journal = folder["study", Study.JournalFile];
        var first = File.ReadAllText(journal);
        File.WriteAllText(journal, first + "{\"event\":\"propo\n");
        Assert.That(() => Study.Open(folder["study"]), Throws.TypeOf<RunDataException>().With.Message.Contains("Line 2"));
        File.WriteAllText(journal, first + "{\"event\":\"closed\",\"trial\":3,\"status\":\"pruned\"}\n");
        Assert.That(() => Study.Open(folder["study"]), Throws.TypeOf<RunDataException>().With.Message.Contains("does not follow"));
        File.WriteAllText(journal, "{\"event\":\"closed\",\"trial\":3,\"status\":\"pruned\"}\n");
        Assert.That(() => Study.Open(folder["study"]), Throws.TypeOf<RunDataException>().With.Message.Contains("does not begin as"));
        Assert.That(() => Study.Open(folder["nowhere"]), Throws.TypeOf<RunSpecException>().With.Message.Contains("is no study"));
    }

    [TestCase("{\"event\":\"begun\"}\n")]
    [TestCase("{\"event\":\"begun\",\"plan\":{\"sampler\":\"tpe\"}}\n")]
    [TestCase("{\"event\":\"reached\",\"trial\":0,\"rung\":3,\"steps\":1,\"returns\":[1],\"value\":1}\n", true)]
    [TestCase("{\"event\":\"proposed\",\"trial\":0,\"place\":[7],\"assignments\":[]}\n", true)]
    public void A_journal_that_makes_no_sense_is_refused(string line, bool isSecond = false)
    {
        using var folder = new TemporaryFolder();
        Study.Create(folder["study"], Planted);
        var journal = folder["study", Study.JournalFile];
        File.WriteAllText(journal, isSecond ? File.ReadAllText(journal) + line : line);
        Assert.That(() => Study.Open(folder["study"]), Throws.TypeOf<RunDataException>());
    }
}
