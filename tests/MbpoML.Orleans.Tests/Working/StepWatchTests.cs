using MbpoML.Experiments.Execution;
using MbpoML.Orleans.Working;
using MbpoML.Training;
using MbpoML.Training.Outcome;

namespace MbpoML.Orleans.Tests.Working;

public class StepWatchTests
{
    [Test]
    public void It_knows_the_steps_that_a_run_told_and_passes_everything_on()
    {
        var passed = new List<RunEvent>();
        var watch = new StepWatch(new Listener(passed.Add));
        watch.Report(new RunStarted("run"));
        Assert.That(watch.Steps, Is.Zero);
        watch.Report(new RunProgressed("run", new TrainingProgress { Phase = TrainingPhase.Exploring, Epoch = 0, Step = 120, Steps = 300, Elapsed = default }));
        Assert.That((watch.Steps, passed.Count), Is.EqualTo((120L, 2)));
    }

    [Test]
    public void A_checkpoint_ends_the_wait_for_it_once()
    {
        var watch = new StepWatch(null);
        var first = watch.NextCheckpoint;
        watch.Report(Sign(120, null));
        Assert.That(first.IsCompleted, Is.False, "no checkpoint");
        watch.Report(Sign(130, 125));
        var second = watch.NextCheckpoint;
        watch.Report(Sign(140, 125));
        Assert.That((first.IsCompleted, second.IsCompleted), Is.EqualTo((true, false)), "the same checkpoint is told with each sign of life");
        watch.Report(Sign(150, 150));
        Assert.That(second.IsCompleted, Is.True);
    }

    private static RunProgressed Sign(int step, int? checkpoint) => new(
        "run", new TrainingProgress { Phase = TrainingPhase.Exploring, Epoch = 0, Step = step, Steps = 300, Elapsed = default, CheckpointStep = checkpoint });

    private sealed class Listener(Action<RunEvent> listen) : IProgress<RunEvent>
    {
        public void Report(RunEvent value) => listen(value);
    }
}
