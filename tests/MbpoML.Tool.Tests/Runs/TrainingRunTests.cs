using MbpoML.Tests;
using MbpoML.Tool.Display;
using MbpoML.Tool.Runs;
using MbpoML.Training;

namespace MbpoML.Tool.Tests.Runs;

public class TrainingRunTests
{
    [Test]
    public void A_resumed_run_that_is_killed_has_the_seconds_and_steps_that_it_had()
    {
        using var folder = new TemporaryFolder();
        ToolResult.Train(folder["run"]);
        var before = RunReport.Read(folder["run", "report.json"])!;
        var options = RunOptions.Read(folder["run", "options.json"]);
        options.Settings.Trainer.Steps = 400;
        options.Write(folder["run", "options.json"]);
        RunReport? during = null;
        new TrainingRun(new RunFolder(folder["run"]), new Listener(() => during ??= RunReport.Read(folder["run", "report.json"])), TimeProvider.System).Run(RunLock.Take(new RunFolder(folder["run"])), CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That((during!.Status, during.Steps, during.LastReturn, during.WallClockSeconds), Is.EqualTo((RunStatus.Running, before.Steps, before.LastReturn, before.WallClockSeconds)));
            Assert.That(RunReport.Read(folder["run", "report.json"])!.WallClockSeconds, Is.GreaterThan(before.WallClockSeconds));
        });
    }

    [Test]
    public void What_lies_beside_the_events_of_a_run_that_begins_anew_stays()
    {
        using var folder = new TemporaryFolder();
        ToolResult.Train(folder["run"]);
        Directory.Delete(folder["run", "checkpoints"], recursive: true);
        File.WriteAllText(folder["run", "report.json"], "{\"status\":\"running\"}");
        File.WriteAllText(folder["run", "tensorboard", "notes.txt"], "mine");
        Assert.That(ToolResult.Of("resume", folder["run"], "--workers", "1").Code, Is.Zero);
        Assert.That(File.ReadAllText(folder["run", "tensorboard", "notes.txt"]), Is.EqualTo("mine"));
        Assert.That(Directory.GetFiles(folder["run", "tensorboard"]), Has.Length.EqualTo(2));
    }

    [Test]
    public void Options_beside_what_no_run_wrote_are_no_reason_to_delete_it()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(TrainedRun.Folder, "options.json"), folder["options.json"]);
        File.WriteAllText(folder["metrics.jsonl"], "mine");
        Assert.That(() => new TrainingRun(new RunFolder(folder.FullName), new Listener(() => { }), TimeProvider.System).Run(RunLock.Take(new RunFolder(folder.FullName)), CancellationToken.None), Throws.TypeOf<RunFolderException>().With.Message.Contains("has never been trained"));
        Assert.That(File.ReadAllText(folder["metrics.jsonl"]), Is.EqualTo("mine"));
    }

    private sealed class Listener(Action listen) : IRunDisplay
    {
        public void Report(string run, TrainingProgress progress) => listen();

        public void Say(string run, string sentence)
        {
        }

        public void Warn(string run, string sentence)
        {
        }
    }
}
