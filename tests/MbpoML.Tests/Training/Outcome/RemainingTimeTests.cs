using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;

namespace MbpoML.Tests.Training.Outcome;

[Category("Text")]
public class RemainingTimeTests
{
    [Test]
    public void The_last_one_or_two_epochs_count_and_exploration_does_not()
    {
        var remaining = new RemainingTime();
        Assert.Multiple(() =>
        {
            Assert.That(remaining.Update(At(100, 1, TrainingPhase.Exploring)), Is.Null);
            Assert.That(remaining.Update(At(200, 2)), Is.Null, "the first sign says no speed");
            Assert.That(remaining.Update(At(300, 102)), Is.EqualTo(TimeSpan.FromSeconds(700)), "1 s a step");
            Assert.That(remaining.Update(At(400, 202, closes: true)), Is.EqualTo(TimeSpan.FromSeconds(600)));
            Assert.That(remaining.Update(At(600, 602, closes: true)), Is.EqualTo(TimeSpan.FromSeconds(600)), "400 steps in 600 s, 400 to go");
            Assert.That(remaining.Update(At(700, 802)), Is.EqualTo(TimeSpan.FromSeconds(600)), "2 s a step since the end of the epoch before");
            Assert.That(remaining.Update(At(1000, 1402)), Is.EqualTo(TimeSpan.Zero));
        });
    }

    private static TrainingProgress At(int step, int seconds, TrainingPhase phase = TrainingPhase.OptimizingPolicy, bool closes = false) => new()
    {
        Phase = phase,
        Step = step,
        Steps = 1000,
        Epoch = 0,
        Elapsed = TimeSpan.FromSeconds(seconds),
        EpochMetrics = closes ? new EpochMetrics(0, step, new Dictionary<string, double>()) : null,
    };
}
