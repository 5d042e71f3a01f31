using MbpoML.Experiments;
using MbpoML.Orleans.Leases;
using MbpoML.Orleans.Store;

namespace MbpoML.Orleans.Tests.Store;

public class EpochFoldersTests
{
    private static readonly StudyTask _task = new("rates", 3, 1, IsFinal: false);

    [Test]
    public void Each_epoch_of_a_run_has_a_folder_of_its_own()
    {
        var folders = new EpochFolders("store");
        Assert.Multiple(() =>
        {
            Assert.That(folders.Of(_task, "a1", 2).Path, Does.EndWith(Path.Combine("a1", "trial-003", "seed-1", "epoch-000002")));
            Assert.That(folders.Of(_task with { IsFinal = true }, "a1", 2).Path, Does.Contain("winner-003"));
        });
    }

    [TestCase("..")]
    [TestCase("../../etc")]
    [TestCase("/etc")]
    [TestCase("a/b")]
    [TestCase("a\\b")]
    [TestCase(".")]
    [TestCase("")]
    [TestCase("CON")]
    [TestCase("a\0b")]
    [TestCase("-rf *")]
    [TestCase("Straße 東京 😀")]
    public void A_study_of_any_name_stays_in_the_store(string name)
    {
        using var store = new TemporaryFolder();
        var folder = Path.GetFullPath(new EpochFolders(store.FullName).OfStudy(name));
        Assert.Multiple(() =>
        {
            Assert.That(Path.GetDirectoryName(folder), Is.EqualTo(store["mbpo-cluster"]));
            Assert.That(Path.GetFileName(folder), Does.Match("^[A-Za-z0-9_-]*-[0-9a-f]{12}$"));
        });
    }

    [Test]
    public void Names_that_a_file_system_may_take_for_the_same_have_folders_that_differ()
    {
        var folders = new EpochFolders("store");
        string[] names = ["a/b", "a_b", "A_B", "a\\b", new string('x', 200), new string('x', 201)];
        Assert.That(names.Select(name => folders.OfStudy(name).ToUpperInvariant()).Distinct().Count(), Is.EqualTo(names.Length));
    }

    [TestCase("..")]
    [TestCase("")]
    [TestCase("a/b")]
    public void A_mark_that_leads_out_of_the_store_is_refused(string life) =>
        Assert.That(() => new EpochFolders("store").OfTask(_task, life), Throws.TypeOf<RunDataException>().With.Message.Contains($"'{life}'"));

    [Test]
    public void Only_earlier_epochs_are_deleted()
    {
        using var store = new TemporaryFolder();
        var folders = new EpochFolders(store.FullName);
        foreach (var epoch in new[] { 1, 2, 3, 10 }) Directory.CreateDirectory(folders.Of(_task, "a", epoch).Path);
        Directory.CreateDirectory(Path.Combine(folders.OfTask(_task, "a"), "epoch-notes"));
        folders.DeleteBefore(_task, "a", 3);
        Assert.That(
            Directory.GetDirectories(folders.OfTask(_task, "a")).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "epoch-000003", "epoch-000010", "epoch-notes" }));
    }
}
