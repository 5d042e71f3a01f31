using MbpoML.Dashboard.Files;
using MbpoML.Tests;

namespace MbpoML.Dashboard.Tests.Files;

public class FolderSearchTests
{
    [Test]
    public void Runs_and_studies_are_found_and_named_by_their_place()
    {
        using var folder = new TemporaryFolder();
        PlantedRuns.Write(folder.FullName, "b");
        PlantedRuns.WriteStudy(folder.FullName, "study");
        PlantedRuns.Write(folder["study"], Path.Combine("trial-000", "seed-1"));
        var (found, isCut) = FolderSearch.In([folder.FullName], 10);
        Assert.Multiple(() =>
        {
            Assert.That(found.Select(one => (one.Name, one.HasStudy)), Is.EqualTo(new[] { ("b", false), ("study", true), ("study/trial-000/seed-1", false) }));
            Assert.That(isCut, Is.False);
            Assert.That(found.Select(one => one.Id), Is.Unique.And.All.Match("^[0-9a-f]{16}$"));
            Assert.That(FolderSearch.In([folder.FullName], 10).Found.Select(one => one.Id), Is.EqualTo(found.Select(one => one.Id)), "the same each time");
        });
    }

    [Test]
    public void A_run_that_is_named_itself_is_found_once()
    {
        using var folder = new TemporaryFolder();
        var run = PlantedRuns.Write(folder.FullName, "alone");
        Assert.That(FolderSearch.In([run, run + Path.DirectorySeparatorChar], 10).Found.Select(one => one.Name), Is.EqualTo(new[] { "alone" }));
    }

    [Test]
    public void Links_are_not_followed_and_deep_folders_not_searched()
    {
        using var folder = new TemporaryFolder();
        PlantedRuns.Write(folder["outside"], "secret");
        Directory.CreateDirectory(folder["root"]);
        Directory.CreateSymbolicLink(folder["root", "link"], folder["outside"]);
        Directory.CreateSymbolicLink(folder["root", "circle"], folder["root"]);
        PlantedRuns.Write(folder["root"], Path.Combine("1", "2", "3", "4"));
        PlantedRuns.Write(folder["root"], Path.Combine("a", "2", "3", "4", "5"));
        Assert.That(FolderSearch.In([folder["root"]], 10).Found.Select(one => one.Name), Is.EqualTo(new[] { "1/2/3/4" }));
    }

    [Test]
    public void More_runs_than_are_shown_are_cut()
    {
        using var folder = new TemporaryFolder();
        for (var run = 0; run < 5; run++) PlantedRuns.Write(folder.FullName, $"run-{run}", epochs: 0);
        var (found, isCut) = FolderSearch.In([folder.FullName], 3);
        Assert.That((found.Count, isCut), Is.EqualTo((3, true)));
    }
}
