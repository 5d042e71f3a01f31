using MbpoML.Experiments;
using MbpoML.Experiments.Studies;
using MbpoML.Orleans.Grains;
using MbpoML.Orleans.Leases;

namespace MbpoML.Orleans.Tests.Leases;

/// <summary>Which runs the grain of a study looks at, and which it offers to whom.</summary>
public class AskedRunsTests
{
    [Test]
    public void Looked_at_is_what_is_unknown_and_what_somebody_has_and_nothing_twice_at_once()
    {
        using var folder = new TemporaryFolder();
        var asked = Asked(folder["study"]);
        var runs = asked.ToLookAt(now: 0);
        Assert.That(runs, Has.Count.EqualTo(2), "nothing is known of either");
        runs[0].LookedAt(Situation(worker: "a"), now: 0, lookAt: 10);
        runs[1].LookedAt(Situation(worker: null), now: 0, lookAt: 10);
        Assert.Multiple(() =>
        {
            Assert.That(asked.ToLookAt(now: 9), Is.Empty);
            Assert.That(asked.ToLookAt(now: 10), Is.EqualTo(new[] { runs[0] }), "nobody has the other one");
        });
        runs[1].Told(epoch: 2, "b", retryAt: 0);
        Assert.That(asked.ToLookAt(now: 10), Is.EqualTo(runs), "somebody has it now");
        foreach (var run in runs) run.LookedAt(Situation(worker: null, done: 100), now: 10, lookAt: 20);
        Assert.That(asked.ToLookAt(now: 20), Is.Empty);
        Assert.That(asked.Results, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_look_offers_a_run_that_was_given_back_at_once_and_none_that_somebody_has()
    {
        using var folder = new TemporaryFolder();
        var asked = Asked(folder["study"]);
        var runs = asked.ToLookAt(now: 0);
        foreach (var run in runs) run.Told(Situation(worker: "a"), retryAt: 50);
        runs[0].LookedAt(Situation(worker: null), now: 5, lookAt: 10);
        runs[1].LookedAt(Situation(worker: "a"), now: 5, lookAt: 10);
        Assert.That(asked.Open(now: 5, worker: "b"), Is.EqualTo(new[] { runs[0] }));
        Assert.That(asked.Open(now: 5, worker: "a"), Is.EqualTo(runs), "it may just have ended its own");
    }

    [Test]
    public void Steps_are_those_that_were_told_last_or_of_the_checkpoint_and_all_of_a_run_that_is_over()
    {
        using var folder = new TemporaryFolder();
        var asked = Asked(folder["study"]);
        var runs = asked.ToLookAt(now: 0);
        Assert.That(asked.Steps, Is.EqualTo(new long[] { 0, 0 }));
        runs[0].LookedAt(Situation(worker: "a") with { Steps = 30 }, now: 0, lookAt: 10);
        // Just handed over: its new owner has told nothing yet.
        runs[1].LookedAt(Situation(worker: "b") with { Checkpoint = new PromotedCheckpoint(1, "step-000000000020.checkpoint", 20, "0") }, now: 0, lookAt: 10);
        Assert.That(asked.Steps, Is.EqualTo(new long[] { 30, 20 }));
        runs[0].LookedAt(Situation(worker: null, done: 100) with { Steps = 90 }, now: 10, lookAt: 20);
        Assert.That(asked.Steps, Is.EqualTo(new long[] { 100, 20 }));
    }

    private static AskedRuns Asked(string folder)
    {
        var study = Study.Create(folder, new StudyOptions
        {
            Run = new RunSpec { Task = "Pendulum", Algorithm = "sac", Assignments = ["Trainer.InitialExplorationSteps=20", "Policy.HiddenSizes=[8]"] },
            Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log")],
            Sampler = "random",
            Trials = 2,
            GenerationSize = 2,
            SeedsPerTrial = 1,
            Rungs = 1,
            Steps = 100,
            FinalSeeds = 1,
        });
        return new AskedRuns(study, study.Ask()!);
    }

    private static TrialSituation Situation(string? worker, int done = 0) => new(1, worker, done, done > 0 ? 1 : 0, 1.0, null, null, 1, 0, 0);
}
