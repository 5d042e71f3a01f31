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

    private sealed class Listener(Action<RunEvent> listen) : IProgress<RunEvent>
    {
        public void Report(RunEvent value) => listen(value);
    }
}
