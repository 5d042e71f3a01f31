using MbpoML.Saving;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Metrics;

namespace MbpoML.Tests.Training;

/// <summary>Times of the stages, by a clock that the test moves.</summary>
public class StageClockTests
{
    [Test]
    public void Each_stage_has_the_time_of_its_own_work_and_all_have_the_whole()
    {
        var time = new SteppedTime();
        var clock = new StageClock(time);
        clock.Measure("model", () => time.Advance(3));
        time.Advance(1);
        clock.Measure("policy", () => time.Advance(2));
        clock.Measure("model", () => time.Advance(4));
        var metrics = new Dictionary<string, double>();
        clock.WriteTo(metrics);
        Assert.Multiple(() =>
        {
            Assert.That((clock.Seconds("model"), clock.Seconds("policy"), clock.Seconds("other")), Is.EqualTo((7.0, 2.0, 0.0)));
            Assert.That(metrics["model"], Is.EqualTo(7));
            Assert.That(metrics[MetricNames.TotalSeconds], Is.EqualTo(10));
        });
    }

    [Test]
    public void A_stage_within_another_counts_once()
    {
        var time = new SteppedTime();
        var clock = new StageClock(time);
        clock.Measure("policy", () =>
        {
            time.Advance(1);
            clock.Measure("rollouts", () => time.Advance(2));
            clock.Measure("rollouts", () => time.Advance(4));
            time.Advance(8);
        });
        clock.Measure("policy", () => time.Advance(16));
        Assert.That((clock.Seconds("policy"), clock.Seconds("rollouts")), Is.EqualTo((25.0, 6.0)));
    }

    [Test]
    public void A_resumed_run_goes_on_counting()
    {
        var time = new SteppedTime();
        var clock = new StageClock(time);
        clock.Measure("model", () => time.Advance(3));
        using var memory = new StateMemory();
        clock.Save(memory);
        // Between the stop and the start nothing counts.
        time.Advance(100);
        var resumed = new StageClock(time);
        resumed.Restore(memory);
        resumed.Measure("model", () => time.Advance(1));
        Assert.That((resumed.Seconds("model"), resumed.Elapsed), Is.EqualTo((4.0, TimeSpan.FromSeconds(4))));
    }

    [Test]
    public void Times_that_make_no_sense_are_refused()
    {
        using var memory = new StateMemory();
        memory.Add("stages", "model");
        memory.Add("seconds", [-1.0, 3]);
        Assert.That(() => new StageClock(new SteppedTime()).Restore(memory), Throws.TypeOf<CheckpointException>().With.Message.Contains("times of its stages"));
    }
}
