using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Tasks;
using MbpoML.Tests;

namespace MbpoML.Experiments.Tests.Execution;

public class InProcessExecutorTests
{
    private static readonly InProcessExecutor Executor = new(TaskCatalog.Analytic);

    [Test]
    public async Task A_resumed_run_that_is_killed_has_the_seconds_and_steps_that_it_had()
    {
        using var folder = new TemporaryFolder();
        var run = new RunFolder(folder["run"]);
        await Executor.RunAsync(TinyRun.Spec, run);
        var before = RunReport.Read(run.Report)!;
        var options = RunOptions.Read(run.Options, TaskCatalog.Analytic);
        options.MbpoSettings.Trainer.Steps = 300;
        options.Write(run.Options);
        RunReport? during = null;
        await Executor.RunAsync(TakenRun.Take(run), new EventList(happened =>
        {
            if (happened is RunProgressed or RunEpochEnded) during ??= RunReport.Read(run.Report);
        }));
        Assert.Multiple(() =>
        {
            Assert.That((during!.Status, during.Steps, during.LastReturn, during.WallClockSeconds),
                Is.EqualTo((RunStatus.Running, before.Steps, before.LastReturn, before.WallClockSeconds)));
            Assert.That(RunReport.Read(run.Report)!.WallClockSeconds, Is.GreaterThan(before.WallClockSeconds));
        });
    }

    [Test]
    public async Task What_lies_beside_the_events_of_a_run_that_begins_anew_stays()
    {
        using var folder = new TemporaryFolder();
        var run = new RunFolder(folder["run"]);
        await Executor.RunAsync(TinyRun.Spec, run);
        Directory.Delete(run.Checkpoints, recursive: true);
        File.WriteAllText(run.Report, "{\"status\":\"running\"}");
        File.WriteAllText(Path.Combine(run.Events, "notes.txt"), "mine");
        Assert.That((await Executor.RunAsync(TinyRun.Spec, run)).Status, Is.EqualTo(RunStatus.Finished));
        Assert.That(File.ReadAllText(Path.Combine(run.Events, "notes.txt")), Is.EqualTo("mine"));
        Assert.That(Directory.GetFiles(run.Events), Has.Length.EqualTo(2));
    }

    [Test]
    public void Options_beside_what_no_run_wrote_are_no_reason_to_delete_it()
    {
        using var folder = new TemporaryFolder();
        var run = new RunFolder(folder.FullName);
        TinyRun.Spec.Resolve(TaskCatalog.Analytic).Write(run.Options);
        File.WriteAllText(run.Metrics, "mine");
        Assert.That(async () => await Executor.RunAsync(TakenRun.Take(run)),
            Throws.TypeOf<RunFolderException>().With.Message.Contains("has never been trained"));
        Assert.That(File.ReadAllText(run.Metrics), Is.EqualTo("mine"));
    }
}
