using MbpoML.Algorithms.Mbpo;
using MbpoML.Saving;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using Microsoft.Extensions.Logging;
using Microsoft.ML;

namespace MbpoML.Tests.Training.Checkpoints;

/// <summary>A run whose newest checkpoints are damaged goes on from the one before them, says so, and still ends as it would have.</summary>
[Category("Text")]
public sealed class DamagedCheckpointTests
{
    private readonly List<string> _log = [];
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _log.Clear();
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void The_run_goes_on_from_the_newest_whole_one_and_the_log_names_the_others()
    {
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(new ListLoggerProvider(_log)));
        var trainer = Trainer(factory);
        var undisturbed = trainer.Train();
        var content = CheckpointContent.Of(_folder.FullName);
        string[] files = [.. Directory.EnumerateFiles(_folder.FullName).OrderDescending()];
        Assert.That(files, Has.Length.EqualTo(3));

        CutOff(files[0]);
        Flip(files[1]);
        var resumed = trainer.Resume(_folder.FullName);
        Assert.That(_log, Has.Some.StartsWith("Warning").And.Contains(files[0]).And.Contains("The checkpoint before it is tried"));
        Assert.That(_log, Has.Some.StartsWith("Warning").And.Contains(files[1]).And.Contains("The checkpoint before it is tried"));
        Assert.That(_log, Has.Some.StartsWith("Information").And.Contains($"Resumed from '{files[2]}'"));
        Assert.That(StopAndGo.Metrics(resumed), Is.EqualTo(StopAndGo.Metrics(undisturbed)));
        Assert.That(CheckpointContent.Of(_folder.FullName), Is.EquivalentTo(content));
        resumed.Policy.Dispose();
        undisturbed.Policy.Dispose();
    }

    [Test]
    public void Where_all_are_damaged_nothing_is_begun_anew()
    {
        var trainer = Trainer(null);
        trainer.Train().Policy.Dispose();
        foreach (var file in Directory.EnumerateFiles(_folder.FullName)) CutOff(file);
        Assert.That(() => trainer.Resume(_folder.FullName),
            Throws.TypeOf<CheckpointException>().With.Message.Contains("No checkpoint in").And.Message.Contains(_folder.FullName));
        Assert.That(() => trainer.Train(), Throws.TypeOf<CheckpointException>().With.Message.Contains("checkpoints of another run"));
    }

    private MbpoTrainer Trainer(ILoggerFactory? factory)
    {
        var rl = new MLContext(seed: 1).Reinforcement(factory);
        var preset = SmallRuns.Preset(120);
        preset.Trainer.Checkpoints = new Checkpointing { Folder = _folder.FullName, EverySteps = 20, Every = null };
        return rl.Mbpo(rl.Environments.CartPoleContinuous(), preset);
    }

    private static void CutOff(string file) => File.WriteAllBytes(file, File.ReadAllBytes(file)[..^100]);

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(file, bytes);
    }
}
