using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Tasks;
using MbpoML.Tests;

namespace MbpoML.Experiments.Tests.Execution;

public class ChildProcessExecutorTests
{
    [Test]
    public async Task What_a_worker_says_before_it_ends_is_the_failure_and_a_silent_end_is_a_crash()
    {
        using var folder = new TemporaryFolder();
        RunFolder[] runs = [new(folder["a"]), new(folder["b"])];
        var taken = TakenRun.Claim(runs);
        foreach (var run in runs) File.WriteAllText(run.Options, "{}");
        var events = new EventList();
        var said = await new ChildProcessExecutor(TaskCatalog.Analytic, TinyRun.Tool).RunAsync(taken[0], events);
        // A program that knows nothing of workers: its code is one of its own.
        var silent = await new ChildProcessExecutor(TaskCatalog.Analytic, OperatingSystem.IsWindows() ? new WorkerProgram("cmd", ["/c", "exit 7 &"])
            : new WorkerProgram("sh", ["-c", "exit 7"])).RunAsync(taken[1]);
        Assert.Multiple(() =>
        {
            Assert.That((said.Status, said.IsRefusal, said.IsCrash), Is.EqualTo((RunStatus.Failed, true, false)));
            Assert.That(said.Failure, Does.Contain("it names no task"));
            Assert.That(events.All.OfType<RunWarned>().Single().Message, Is.EqualTo(said.Failure));
            Assert.That((silent.Status, silent.IsCrash), Is.EqualTo((RunStatus.Failed, true)));
            Assert.That(silent.Failure, Does.Contain("exit code 7, without saying why"));
        });
    }

    [Test]
    public void A_program_that_is_not_there_is_said()
    {
        using var folder = new TemporaryFolder();
        var executor = new ChildProcessExecutor(TaskCatalog.Analytic, new WorkerProgram(folder["nothing"], []));
        Assert.That(async () => await executor.RunAsync(TinyRun.Spec, new RunFolder(folder["run"])),
            Throws.TypeOf<RunDataException>().With.Message.Contains("could not be started"));
        Assert.That(() => TakenRun.Take(new RunFolder(folder["run"])).Dispose(), Throws.Nothing, "the folder was given back");
    }

    [Test]
    public async Task Runs_side_by_side_are_told_apart_and_none_begins_after_a_stop()
    {
        using var folder = new TemporaryFolder();
        var tasks = TaskCatalog.Analytic;
        (RunFolder, RunOptions)[] runs = [.. Enumerable.Range(1, 3)
            .Select(seed => (new RunFolder(folder[FormattableString.Invariant($"{seed}")]), (TinyRun.Spec with { Seed = seed }).Resolve(tasks)))];
        using var stop = new CancellationTokenSource();
        var events = new EventList(happened =>
        {
            if (happened is RunEnded) stop.Cancel();
        });
        var outcomes = await RunBatch.RunAsync(new InProcessExecutor(tasks), TakenRun.Prepare(runs, tasks), parallel: 1, events, stop.Token);
        Assert.Multiple(() =>
        {
            Assert.That(outcomes.Select(outcome => outcome.Status), Is.EqualTo(new[] { RunStatus.Finished, RunStatus.Interrupted, RunStatus.Interrupted }));
            Assert.That(events.All.Select(happened => happened.Folder).Distinct(), Is.EqualTo(new[] { runs[0].Item1.Path }));
            Assert.That(File.Exists(runs[1].Item1.Metrics), Is.False);
        });
    }
}
