using MbpoML.Experiments;
using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Tests.Studies;
using MbpoML.Orleans.Leases;
using MbpoML.Orleans.Store;
using MbpoML.Orleans.Working;

namespace MbpoML.Orleans.Tests.Working;

public class LeasedRunTests
{
    private static readonly string _options = Options();

    [Test]
    public async Task A_run_that_reaches_its_steps_is_told_with_its_value_and_its_last_checkpoint()
    {
        using var store = new TemporaryFolder();
        var (trial, notes) = (new FakeTrialGrain(), new List<string>());
        // So long that the run ends before its first sign of life, which would tell the checkpoint.
        await Run(store, new PlantedExecutor((_, step) => step), trial, notes, leaseSeconds: 600);
        Assert.Multiple(() =>
        {
            Assert.That(trial.Returned.Single(), Has.Property("Ending").EqualTo(TrialEnding.Finished).And.Property("Value").EqualTo(275));
            Assert.That(trial.Returned[0].Checkpoint, Has.Property("Epoch").EqualTo(2).And.Property("Step").EqualTo(50));
            Assert.That(notes, Is.Empty);
        });
    }

    [Test]
    public async Task A_worker_that_finds_its_epoch_old_drops_its_work_and_tells_nothing_more()
    {
        using var store = new TemporaryFolder();
        var (trial, notes) = (new FakeTrialGrain { Holds = beat => beat < 3 }, new List<string>());
        await Run(store, StagedExecutor.Waiting, trial, notes);
        Assert.Multiple(() =>
        {
            Assert.That(trial.Returned, Is.Empty);
            Assert.That(trial.Beats, Has.Count.EqualTo(3));
            Assert.That(trial.Beats.Count(beat => beat is { Step: 100, Epoch: 2 }), Is.EqualTo(1), "a checkpoint is told once");
            Assert.That(notes.Single(), Does.Contain("trial-000/seed-1").And.Contain("epoch 2").And.Contain("the lease is lost"));
        });
    }

    [Test]
    public async Task A_cluster_that_gives_no_answer_is_asked_again_and_the_checkpoint_is_told_again()
    {
        using var store = new TemporaryFolder();
        var trial = new FakeTrialGrain { Holds = beat => beat < 4 ? throw new TimeoutException("It is away.") : beat < 6 };
        var notes = new List<string>();
        await Run(store, StagedExecutor.Waiting, trial, notes);
        Assert.That(trial.Beats.Take(4).Count(beat => beat?.Step == 100), Is.GreaterThanOrEqualTo(3));
        Assert.That(notes[0], Does.Contain("gives no answer: It is away."));
    }

    [Test]
    public async Task A_result_whose_answer_is_lost_is_told_again()
    {
        using var store = new TemporaryFolder();
        var (trial, notes) = (new FakeTrialGrain { Takes = time => time == 1 ? throw new TimeoutException("It is away.") : true }, new List<string>());
        await Run(store, new PlantedExecutor((_, step) => step), trial, notes);
        Assert.That(trial.Returned, Has.Count.EqualTo(2));
        Assert.That(trial.Returned[1], Is.EqualTo(trial.Returned[0]));
    }

    [Test]
    public async Task A_result_of_an_old_epoch_is_dropped()
    {
        using var store = new TemporaryFolder();
        var (trial, notes) = (new FakeTrialGrain { Takes = _ => false }, new List<string>());
        await Run(store, new PlantedExecutor((_, step) => step), trial, notes);
        Assert.That(notes.Single(), Does.Contain("lost before the end"));
    }

    [Test]
    public async Task A_stop_of_the_worker_gives_the_run_back_with_what_it_has()
    {
        using var store = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var (trial, notes) = (new FakeTrialGrain { Holds = beat => Stop(beat, stop) }, new List<string>());
        await Run(store, StagedExecutor.Waiting, trial, notes, stop: stop.Token);
        Assert.That(trial.Returned.Single(), Has.Property("Ending").EqualTo(TrialEnding.Released));
        Assert.That(trial.Returned[0].Checkpoint!.Step, Is.EqualTo(150));
    }

    [Test]
    public async Task A_run_that_fails_is_told_with_its_words()
    {
        using var store = new TemporaryFolder();
        var (trial, notes) = (new FakeTrialGrain(), new List<string>());
        await Run(store, new PlantedExecutor((_, _) => null), trial, notes);
        Assert.That(trial.Returned.Single(), Is.EqualTo(new TrialReturn(TrialEnding.Failed, null, "It failed as planted.", null)));
    }

    // A disk without room, as far as a test can have one: the folder cannot be written any more.
    [Test]
    public async Task A_full_store_is_no_failure_of_the_run_and_the_message_says_what_to_do()
    {
        using var store = new TemporaryFolder();
        var (trial, notes) = (new FakeTrialGrain(), new List<string>());
        await Run(store, new StagedExecutor((folder, _) =>
        {
            Directory.Move(folder.Path, folder.Path + ".away");
            File.WriteAllText(folder.Path, "in the way");
            return Task.FromResult(new RunOutcome(RunStatus.Failed, 0, 0, null, "No space left on device"));
        }), trial, notes);
        Assert.Multiple(() =>
        {
            Assert.That(trial.Returned.Single(), Has.Property("Ending").EqualTo(TrialEnding.StoreFull));
            Assert.That(notes.Single(), Does.Contain(store.FullName).And.Contain("takes nothing more").And.Contain("Make room"));
        });
    }

    [Test]
    public async Task A_checkpoint_that_is_gone_costs_time_and_nothing_else()
    {
        using var store = new TemporaryFolder();
        var (trial, notes) = (new FakeTrialGrain(), new List<string>());
        await Run(store, new PlantedExecutor((_, step) => step), trial, notes, from: new PromotedCheckpoint(1, "step-000000000040.checkpoint", 40, "00"));
        Assert.That(trial.Returned.Single(), Has.Property("Ending").EqualTo(TrialEnding.Finished));
        Assert.That(notes.Single(), Does.Contain("begins anew"));
    }

    private static async Task Run(
        TemporaryFolder store, LocalRunExecutor executor, FakeTrialGrain trial, List<string> notes, PromotedCheckpoint? from = null,
        double leaseSeconds = 0.4, CancellationToken stop = default)
    {
        var lease = new TrialLease(new TrialOrder(new StudyTask("study", 0, 1, IsFinal: false), "a", 300, _options), 2, from);
        var place = new WorkPlace(
            new EpochFolders(store.FullName), executor, TimeSpan.FromSeconds(leaseSeconds), TimeProvider.System, null, new Listener(notes.Add));
        await new LeasedRun(lease, place, trial).RunAsync(stop);
    }

    private static bool Stop(int beat, CancellationTokenSource stop)
    {
        if (beat == 2) stop.Cancel();
        return true;
    }

    private static string Options() => new RunSpec
    {
        Task = "Pendulum",
        Algorithm = "sac",
        Assignments = ["Trainer.Steps=300", "Trainer.InitialExplorationSteps=20", "Trainer.EpochLength=50"],
    }.Resolve(MbpoML.Experiments.Tasks.TaskCatalog.Analytic).ToJson();

    private sealed class Listener(Action<string> listen) : IProgress<string>
    {
        public void Report(string value) => listen(value);
    }
}
