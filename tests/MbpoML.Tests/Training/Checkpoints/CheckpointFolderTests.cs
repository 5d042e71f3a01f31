using MbpoML.Saving;
using MbpoML.Tests.Fakes;
using MbpoML.Training.Checkpoints;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MbpoML.Tests.Training.Checkpoints;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Category("Text")]
public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    private string Path => System.IO.Path.Combine(_temporary.FullName, "checkpoints");

    public void Dispose() => _temporary.Dispose();

    [Test]
    public void The_newest_are_kept()
    {
        var folder = new CheckpointFolder(Path, keep: 2);
        foreach (var step in new[] { 5, 20, 100, 1_000_000 }) folder.Write(step, writer => writer.Add("step", step));
        Assert.That(folder.Files().Select(System.IO.Path.GetFileName), Is.EqualTo(new[] { "step-000001000000.checkpoint", "step-000000000100.checkpoint" }));
        using var reader = folder.OpenNewest(NullLogger.Instance);
        Assert.That(reader.WholeNumber("step"), Is.EqualTo(1_000_000));
    }

    [Test]
    public void Those_of_later_steps_are_of_a_run_that_was_taken_back_and_go()
    {
        var folder = new CheckpointFolder(Path, keep: 2);
        foreach (var step in new[] { 100, 200, 120 }) folder.Write(step, writer => writer.Add("step", step));
        Assert.That(folder.Files().Select(System.IO.Path.GetFileName), Is.EqualTo(new[] { "step-000000000120.checkpoint", "step-000000000100.checkpoint" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_file_that_cannot_be_deleted_fails_no_checkpoint_and_goes_with_a_later_one(bool denied)
    {
        var open = true;
        var folder = new CheckpointFolder(Path, keep: 1, delete: file =>
        {
            if (open) throw denied ? new UnauthorizedAccessException("denied") : new IOException("in use");
            File.Delete(file);
        });
        folder.Write(1, writer => writer.Add("step", 1));
        var unfinished = System.IO.Path.Combine(Path, "step-000000000001.checkpoint.unfinished");
        File.WriteAllText(unfinished, "");
        var second = folder.Write(2, writer => writer.Add("step", 2));
        Assert.That(folder.Undeleted.Select(System.IO.Path.GetFileName),
            Is.EquivalentTo(new[] { "step-000000000001.checkpoint", "step-000000000001.checkpoint.unfinished" }));
        using (var reader = folder.OpenNewest(NullLogger.Instance)) Assert.That(reader.WholeNumber("step"), Is.EqualTo(2));

        open = false;
        var third = folder.Write(3, writer => writer.Add("step", 3));
        Assert.Multiple(() =>
        {
            Assert.That(folder.Undeleted, Is.Empty);
            Assert.That(Directory.GetFiles(Path), Is.EqualTo(new[] { third }), $"{second} and the unfinished one are gone");
        });
    }

    // Windows deletes no file that is open without this; other systems do not ask, so that the sources must say it.
    [Test]
    public void Files_of_a_run_that_are_open_for_reading_can_be_deleted_meanwhile()
    {
        var opened = Directory.EnumerateFiles(Repository.At("src"), "*.cs", SearchOption.AllDirectories).SelectMany(File.ReadLines)
            .Where(line => line.Contains("new FileStream", StringComparison.Ordinal) && line.Contains("FileAccess.Read,", StringComparison.Ordinal)).ToList();
        Assert.That(opened, Has.Count.GreaterThanOrEqualTo(3).And.All.Contains("FileShare.Delete"));
    }

    [Test]
    public void A_damaged_one_is_said_in_the_log_and_the_one_before_it_taken()
    {
        var folder = new CheckpointFolder(Path, keep: 3);
        foreach (var step in new[] { 1, 2, 3 }) folder.Write(step, writer => writer.Add("step", step));
        var files = folder.Files().ToArray();
        File.WriteAllBytes(files[0], File.ReadAllBytes(files[0])[..20]);
        var bytes = File.ReadAllBytes(files[1]);
        bytes[^40] ^= 1;
        File.WriteAllBytes(files[1], bytes);
        var lines = new List<string>();
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(new ListLoggerProvider(lines)));
        using var reader = folder.OpenNewest(factory.CreateLogger("test"));
        Assert.That(reader.WholeNumber("step"), Is.EqualTo(1));
        Assert.That(lines, Has.Count.EqualTo(2).And.Some.Contains(files[0]).And.Some.Contains(files[1]));
    }

    [Test]
    public void Where_none_can_be_used_the_error_says_why()
    {
        var folder = new CheckpointFolder(Path, keep: 1);
        Assert.That(() => folder.OpenNewest(NullLogger.Instance), Throws.TypeOf<CheckpointException>().With.Message.Contains("There is no checkpoint in"));
        File.WriteAllText(folder.Write(1, _ => { }), "not one");
        Assert.That(() => folder.OpenNewest(NullLogger.Instance),
            Throws.TypeOf<CheckpointException>().With.Message.Contains("No checkpoint in").And.Message.Contains("too short"));
    }

    [Test]
    public void A_write_that_fails_leaves_the_last_one_and_nothing_unfinished()
    {
        var folder = new CheckpointFolder(Path, keep: 1);
        var first = folder.Write(1, writer => writer.Add("step", 1));
        var error = Assert.Throws<CheckpointException>(() => folder.Write(2, writer =>
        {
            writer.Add("step", 2);
            throw new IOException("No space left on device");
        }));
        Assert.That(error.Message, Does.Contain("step 2").And.Contain("No space left").And.Contain($"resumed from '{first}'"));
        Assert.That(Directory.GetFiles(Path), Is.EqualTo(new[] { first }));
    }

    [Test]
    public void What_a_killed_process_left_unfinished_is_deleted_by_the_next_write()
    {
        var folder = new CheckpointFolder(Path, keep: 1);
        Directory.CreateDirectory(Path);
        File.WriteAllText(System.IO.Path.Combine(Path, "step-000000000009.checkpoint.unfinished"), "half");
        var file = folder.Write(2, writer => writer.Add("step", 2));
        Assert.That(Directory.GetFiles(Path), Is.EqualTo(new[] { file }));
    }

    [Test]
    public void Files_of_others_are_left_alone()
    {
        var folder = new CheckpointFolder(Path, keep: 1);
        Directory.CreateDirectory(Path);
        foreach (var name in new[] { "step-abc.checkpoint", "notes.txt", "step-mine.checkpoint.unfinished" })
            File.WriteAllText(System.IO.Path.Combine(Path, name), "mine");
        folder.Write(1, writer => writer.Add("step", 1));
        folder.Write(2, writer => writer.Add("step", 2));
        Assert.That(folder.Files().Count(), Is.EqualTo(1));
        Assert.That(Directory.GetFiles(Path), Has.Length.EqualTo(4));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "making a link there needs a right that most users lack")]
    public void A_link_that_waits_under_the_name_of_a_checkpoint_is_replaced_not_followed()
    {
        var outside = _temporary["outside.txt"];
        File.WriteAllText(outside, "mine");
        Directory.CreateDirectory(Path);
        foreach (var name in new[] { "step-000000000005.checkpoint", "step-000000000005.checkpoint.unfinished" })
            File.CreateSymbolicLink(System.IO.Path.Combine(Path, name), outside);
        var folder = new CheckpointFolder(Path, keep: 1);
        folder.Write(5, writer => writer.Add("step", 5));
        Assert.That(File.ReadAllText(outside), Is.EqualTo("mine"));
        using var reader = folder.OpenNewest(NullLogger.Instance);
        Assert.That(reader.WholeNumber("step"), Is.EqualTo(5));
    }

    [Test]
    [Platform("Linux", Reason = "/dev/zero")]
    public void A_device_under_the_name_of_a_checkpoint_is_skipped()
    {
        var folder = new CheckpointFolder(Path, keep: 2);
        folder.Write(1, writer => writer.Add("step", 1));
        File.CreateSymbolicLink(System.IO.Path.Combine(Path, "step-000000000002.checkpoint"), "/dev/zero");
        using var reader = folder.OpenNewest(NullLogger.Instance);
        Assert.That(reader.WholeNumber("step"), Is.EqualTo(1));
    }
}
