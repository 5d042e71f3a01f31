using MbpoML.Experiments;
using MbpoML.Orleans.Leases;
using MbpoML.Orleans.Store;

namespace MbpoML.Orleans.Tests.Store;

public class RunCopyTests
{
    private const string File100 = "step-000000000100.checkpoint", File200 = "step-000000000200.checkpoint";

    [Test]
    public void A_new_epoch_begins_with_the_checkpoint_that_counts_and_the_records()
    {
        using var folder = new TemporaryFolder();
        var (from, to) = (Trained(folder["1"]), new RunFolder(folder["2"]));
        var promoted = new RunPromotion(from, 1).PutAside(-1)!;
        Write(from.Checkpoints, "step-000000000300.checkpoint", "later, which nobody was told of");
        Write(from.Path, "half.unfinished", "x");
        var goesOn = RunCopy.Begin(to, from, promoted, "{\"task\":\"Pendulum\"}");
        Assert.Multiple(() =>
        {
            Assert.That(goesOn);
            Assert.That(Names(to.Checkpoints), Is.EqualTo(new[] { File200 }));
            Assert.That(File.ReadAllText(to.Options), Is.EqualTo("{\"task\":\"Pendulum\"}"));
            Assert.That(File.ReadAllText(to.Metrics), Is.EqualTo("{\"step\":50}\n"));
            Assert.That(Names(to.Events), Has.Length.EqualTo(1));
            Assert.That(Names(to.Path), Is.EquivalentTo(new[] { "metrics.jsonl", "options.json", "report.json" }));
        });
    }

    [TestCase("damaged")]
    [TestCase("gone")]
    [TestCase("elsewhere")]
    public void Without_its_checkpoint_a_run_begins_anew_and_takes_nothing_along(string what)
    {
        using var folder = new TemporaryFolder();
        var (from, to) = (Trained(folder["1"]), new RunFolder(folder["2"]));
        var promoted = new RunPromotion(from, 1).PutAside(-1)!;
        var path = Path.Combine(from.Path, RunPromotion.FolderName, promoted.File);
        if (what == "damaged") File.AppendAllText(path, "x");
        if (what == "gone") File.Delete(path);
        if (what == "elsewhere") promoted = promoted with { File = "../../secret" };
        Assert.Multiple(() =>
        {
            Assert.That(RunCopy.Begin(to, from, promoted, "{}"), Is.False);
            Assert.That(Names(to.Path), Is.EqualTo(new[] { "options.json" }));
            Assert.That(Directory.Exists(to.Checkpoints), Is.False, "training would take them for somebody else's");
        });
    }

    [Test]
    public void What_an_attempt_left_that_was_cut_short_is_deleted()
    {
        using var folder = new TemporaryFolder();
        var to = Trained(folder["1"]);
        RunCopy.Begin(to, null, null, "{}");
        Assert.That(Directory.EnumerateFiles(to.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName), Is.EqualTo(new[] { "options.json" }));
    }

    [Test]
    public void A_run_that_is_over_replaces_what_its_study_has_and_can_go_on_there()
    {
        using var folder = new TemporaryFolder();
        var (from, to) = (Trained(folder["store"]), Trained(folder["study", "trial-000", "seed-1"]));
        Write(to.Path, "old.txt", "old");
        Write(from.Path, "policy.zip", "policy");
        var promoted = new RunPromotion(from, 4).PutAside(-1)!;
        RunCopy.Bring(from, promoted, to);
        Assert.Multiple(() =>
        {
            Assert.That(Names(to.Path), Is.EquivalentTo(new[] { "metrics.jsonl", "options.json", "policy.zip", "report.json" }));
            Assert.That(Names(to.Checkpoints), Is.EqualTo(new[] { File200 }));
            Assert.That(to.CanResume);
            Assert.That(Directory.Exists(to.Path + ".arriving"), Is.False);
        });
    }

    [Test]
    public void A_run_whose_last_checkpoint_is_damaged_is_not_brought_and_harms_nothing()
    {
        using var folder = new TemporaryFolder();
        var (from, to) = (Trained(folder["store"]), Trained(folder["study"]));
        Write(to.Path, "old.txt", "old");
        var promoted = new RunPromotion(from, 4).PutAside(-1)! with { Sha256 = "0" };
        Assert.That(() => RunCopy.Bring(from, promoted, to), Throws.TypeOf<RunDataException>());
        Assert.That(File.Exists(Path.Combine(to.Path, "old.txt")));
    }

    // Of somebody else who can write to the store.
    [Test]
    public void Links_are_not_followed()
    {
        using var folder = new TemporaryFolder();
        var (from, to) = (Trained(folder["1"]), new RunFolder(folder["2"]));
        Write(folder.FullName, "secret", "secret");
        File.CreateSymbolicLink(Path.Combine(from.Path, "link.txt"), folder["secret"]);
        Directory.CreateSymbolicLink(Path.Combine(from.Path, "loop"), from.Path);
        RunCopy.Begin(to, from, new RunPromotion(from, 1).PutAside(-1), "{}");
        Assert.That(Directory.EnumerateFileSystemEntries(to.Path).Select(Path.GetFileName), Has.None.AnyOf("link.txt", "loop"));
    }

    [Test]
    public void Checkpoints_are_put_aside_once_and_stay_until_a_later_one_counts()
    {
        using var folder = new TemporaryFolder();
        var run = Trained(folder["1"]);
        var promotion = new RunPromotion(run, 7);
        var first = promotion.PutAside(-1);
        var again = promotion.PutAside(-1);
        // Nobody answers for a while: the first may still be the one that counts.
        PromotedCheckpoint? last = null;
        foreach (var step in new[] { 300, 400 })
        {
            Write(run.Checkpoints, $"step-{step:D12}.checkpoint", $"{step}");
            last = promotion.PutAside(-1);
        }

        var untold = Names(Path.Combine(run.Path, RunPromotion.FolderName));
        promotion.Counts(last!);
        Assert.Multiple(() =>
        {
            Assert.That(untold, Has.Length.EqualTo(3));
            Assert.That((first!.Epoch, first.Step, first.File), Is.EqualTo((7L, 200L, File200)));
            Assert.That(again, Is.Null);
            Assert.That(Names(Path.Combine(run.Path, RunPromotion.FolderName)), Is.EqualTo(new[] { last!.File }));
            Assert.That(new RunPromotion(Trained(folder["2"]), 8).PutAside(200), Is.Null, "the lease began with it");
        });
    }

    [Test]
    public void Of_checkpoints_that_nobody_answers_for_only_so_many_are_kept_and_the_one_that_counts()
    {
        using var folder = new TemporaryFolder();
        var run = Trained(folder["1"]);
        var promotion = new RunPromotion(run, 7);
        promotion.Counts(promotion.PutAside(-1)!);
        for (var step = 300; step <= 5000; step += 100)
        {
            Write(run.Checkpoints, $"step-{step:D12}.checkpoint", $"{step}");
            promotion.PutAside(-1);
        }

        Assert.That(Names(Path.Combine(run.Path, RunPromotion.FolderName)), Has.Length.EqualTo(20).And.Contains(File200));
    }

    private static RunFolder Trained(string path)
    {
        var run = new RunFolder(path);
        Write(run.Path, "options.json", "{}");
        Write(run.Path, "metrics.jsonl", "{\"step\":50}\n");
        Write(run.Path, "report.json", "{}");
        Write(run.Path, "training.lock", "mbpo 1\n");
        Write(run.Events, "events.out.tfevents.1", "x");
        Write(run.Checkpoints, File100, "100");
        Write(run.Checkpoints, File200, "200");
        return run;
    }

    private static void Write(string folder, string name, string text) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, name), text);

    private static string?[] Names(string folder) => [.. Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)];
}
