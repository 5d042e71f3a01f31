using MbpoML.Tool.Display;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;

namespace MbpoML.Tool.Tests.Display;

[Category("Text")]
public class LiveDisplayTests
{
    [Test]
    public void No_line_of_a_run_is_longer_than_the_terminal_is_wide([Values(60, 80, 200)]
    int width, [Values("a", "[v2] of a rather long name that says everything about the run, seed-1")] string run, [Values] TrainingPhase phase)
    {
        var lines = new LiveDisplay.RunLines();
        Assert.That(lines.Of(run, width), Is.Empty);
        lines.Update(
            new TrainingProgress { Phase = TrainingPhase.OptimizingPolicy, Step = 100_000, Steps = 125_000, Epoch = 1, Elapsed = TimeSpan.FromHours(30) });
        lines.Update(new TrainingProgress
        {
            Phase = phase,
            Step = 123_456,
            Steps = 125_000,
            Epoch = 2,
            Elapsed = TimeSpan.FromHours(123),
            EpisodeReturn = -12345.6,
            EvaluationReturn = -12345.6,
            EpochMetrics = new EpochMetrics(1, 123_456, new Dictionary<string, double>
            {
                [MetricNames.TotalSeconds] = 100,
                [MetricNames.ModelSeconds] = 100,
                [MetricNames.RolloutSeconds] = 100,
                [MetricNames.PolicySeconds] = 100,
                [MetricNames.EnvironmentSeconds] = 100,
                [MetricNames.EvaluationSeconds] = 100,
            }),
        });
        var drawn = lines.Of(run, width).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(drawn.Select(line => line.Length), Is.All.LessThanOrEqualTo(width));
            Assert.That(drawn, Has.Length.EqualTo(phase == TrainingPhase.Finished ? 2 : 3));
            Assert.That(drawn[0].Pieces[0].Text, Does.EndWith(run[^1..]), "the end of a name tells seeds apart");
        });
    }
}
