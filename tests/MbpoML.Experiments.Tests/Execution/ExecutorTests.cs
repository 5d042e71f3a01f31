using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Tasks;
using MbpoML.Tests;

namespace MbpoML.Experiments.Tests.Execution;

/// <summary>What every executor of this machine does alike.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class ExecutorTests(bool inChild)
{
    private readonly LocalRunExecutor _executor = inChild ? new ChildProcessExecutor(TaskCatalog.Analytic, TinyRun.Tool)
        : new InProcessExecutor(TaskCatalog.Analytic);

    [Test]
    public async Task A_run_that_is_stopped_goes_on_from_its_folder_as_if_it_had_never_been()
    {
        using var folder = new TemporaryFolder();
        var (whole, parts) = (new RunFolder(folder["whole"]), new RunFolder(folder["parts"]));
        var events = new EventList();
        var undisturbed = await _executor.RunAsync(TinyRun.Spec, whole, events);

        using var stop = new CancellationTokenSource();
        var stopped = await _executor.RunAsync(TinyRun.Spec, parts, new EventList(happened =>
        {
            if (happened is RunEpochEnded { Progress.Step: >= 100 }) stop.Cancel();
        }), stop.Token);
        var rest = new EventList();
        var ended = await _executor.RunAsync(TinyRun.Spec, parts, rest);
        Assert.Multiple(() =>
        {
            Assert.That((undisturbed.Status, undisturbed.Steps, undisturbed.Failure), Is.EqualTo((RunStatus.Finished, 200, (string?)null)));
            Assert.That(stopped.Status, Is.EqualTo(RunStatus.Interrupted));
            Assert.That(stopped.Steps, Is.InRange(100, 199));
            Assert.That((ended.Status, ended.Steps, ended.LastReturn), Is.EqualTo((RunStatus.Finished, 200, undisturbed.LastReturn)));
            Assert.That(TinyRun.Metrics(parts), Is.EqualTo(TinyRun.Metrics(whole)));
            Assert.That(File.Exists(parts.Policy));
            Assert.That(events.All[0], Is.EqualTo(new RunStarted(whole.Path)));
            Assert.That(events.All.OfType<RunEpochEnded>().Select(epoch => epoch.Progress.Step), Is.EqualTo(new[] { 150, 200 }));
            Assert.That(events.All[^1], Is.EqualTo(new RunEnded(whole.Path, undisturbed)));
            Assert.That(events.All.Count(happened => happened is RunStarted or RunEnded), Is.EqualTo(2));
            Assert.That(rest.All[0], Is.EqualTo(new RunStarted(parts.Path) { Resumes = true }));
        });
    }

    [Test]
    public async Task A_run_that_goes_on_with_another_processor_says_so_and_on_the_same_one_it_does_not()
    {
        using var folder = new TemporaryFolder();
        var run = new RunFolder(folder["run"]);
        await _executor.RunAsync(TinyRun.Spec, run);
        var (same, other) = (new EventList(), new EventList());
        await GoOnAsync(250, same);
        var report = RunReport.Read(run.Report)!;
        var last = report.Sessions[^1];
        var elsewhere = last with { Machine = last.Machine with { Processor = "Planted 486" } };
        (report with { Sessions = [.. report.Sessions.SkipLast(1), elsewhere] }).Write(run.Report);
        await GoOnAsync(300, other);
        Assert.That(same.All.OfType<RunWarned>(), Is.Empty);
        Assert.That(other.All.OfType<RunWarned>().Single().Message,
            Does.Contain("before it ran with 'Planted 486'").And.Contain($"goes on with '{last.Machine.Processor}'"));

        Task<RunOutcome> GoOnAsync(int steps, EventList events)
        {
            var options = RunOptions.Read(run.Options, TaskCatalog.Analytic);
            options.MbpoSettings.Trainer.Steps = steps;
            options.Write(run.Options);
            return _executor.RunAsync(TakenRun.Take(run), events);
        }
    }

    [Test]
    public async Task A_run_that_has_ended_is_not_trained_again_and_one_of_other_options_is_refused()
    {
        using var folder = new TemporaryFolder();
        var run = new RunFolder(folder["run"]);
        var first = await _executor.RunAsync(TinyRun.Spec, run);
        var events = new EventList();
        Assert.That(await _executor.RunAsync(TinyRun.Spec, run, events), Is.EqualTo(first));
        Assert.That(events.All, Is.Empty);
        Assert.That(async () => await _executor.RunAsync(TinyRun.Spec with { Seed = 4 }, run),
            Throws.TypeOf<RunSpecException>().With.Message.Contains("holds a run with other settings"));
    }

    [Test]
    public void A_folder_that_somebody_trains_in_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var taken = TakenRun.Claim(new RunFolder(folder["run"]));
        Assert.That(async () => await _executor.RunAsync(TinyRun.Spec, new RunFolder(folder["run"])), Throws.InstanceOf<RunFolderException>());
        Assert.That(File.Exists(folder["run", "options.json"]), Is.False);
    }

    [Test]
    public async Task Logged_transitions_stand_in_the_pool_before_the_first_step()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder["log.csv"],
            ["c,s,w,u,r,c2,s2,w2,end",
                .. Enumerable.Range(0, 60).Select(row => FormattableString.Invariant($"1,0,{row / 100.0},0.5,-0.1,1,0,{(row + 1) / 100.0},0"))]);
        var spec = TinyRun.Spec with
        {
            Logged = folder["log.csv"],
            Assignments = [.. TinyRun.Spec.Assignments, "Trainer.Steps=60", "Trainer.InitialExplorationSteps=50"]
        };
        var run = new RunFolder(folder["run"]);
        var outcome = await _executor.RunAsync(spec, run);
        Assert.That((outcome.Status, outcome.Failure), Is.EqualTo((RunStatus.Finished, (string?)null)));
        var log = Evaluations.LoggedRun.Read(run, TaskCatalog.Analytic);
        Assert.That(log.Rewards, Has.Count.EqualTo(120));
        Assert.That(RunOptions.Read(run.Options, TaskCatalog.Analytic).Logged, Is.EqualTo(folder["log.csv"]));
    }
}
