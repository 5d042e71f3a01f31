using MbpoML.Experiments;
using MbpoML.Orleans.Store;

namespace MbpoML.Orleans.Tests.Store;

public class StoreSpaceTests
{
    [Test]
    public void A_store_with_room_has_no_trouble_and_keeps_no_probe()
    {
        using var folder = new TemporaryFolder();
        Assert.That(StoreSpace.Trouble(new RunFolder(folder["run"])), Is.Null);
        Assert.That(Directory.GetFiles(folder["run"]), Is.Empty);
    }

    [Test]
    public void A_store_that_cannot_be_written_says_why()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["run"], "a file in the way");
        Assert.That(StoreSpace.Trouble(new RunFolder(folder["run"])), Does.Contain("run"));
    }
}
