using MbpoML.Experiments.Execution;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;

namespace MbpoML.Experiments.Tests.Execution;

[Category("Text")]
public class RunEventLineTests
{
    private static readonly TrainingProgress Progress = new()
    {
        Phase = TrainingPhase.Evaluating,
        Step = 250,
        Steps = 1000,
        Epoch = 1,
        Elapsed = TimeSpan.FromSeconds(1.5),
        EpisodeReturn = -3.25,
        EvaluationReturn = double.NaN,
        EpochMetrics = new EpochMetrics(0, 250, new Dictionary<string, double> { ["a/b"] = double.PositiveInfinity, ["c"] = 0.1 }),
    };

    private static IEnumerable<RunEvent> Events =>
    [
        new RunStarted("runs/a") { Resumes = true },
        new RunProgressed("runs/a", Progress with { EpochMetrics = null }),
        new RunWarned("runs/a", "one \"line\"\nand another"),
        new RunEnded("runs/a", new RunOutcome(RunStatus.Failed, 250, 1.5, double.NegativeInfinity, "why") { IsCrash = true }),
    ];

    [TestCaseSource(nameof(Events))]
    public void What_was_written_is_read_back_the_same(RunEvent happened)
    {
        var line = RunEventLine.Write(happened);
        Assert.That(line, Does.Not.Contain('\n'));
        Assert.That(RunEventLine.TryRead(line, out var read) ? read : null, Is.EqualTo(happened));
    }

    [Test]
    public void An_epoch_arrives_with_its_metrics()
    {
        Assert.That(RunEventLine.TryRead(RunEventLine.Write(new RunEpochEnded("run", Progress)), out var read));
        Assert.That(((RunEpochEnded)read!).Progress.EpochMetrics!.Values, Is.EqualTo(Progress.EpochMetrics!.Values));
    }

    [TestCase("no json")]
    [TestCase("")]
    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("{\"event\":\"exploded\",\"Folder\":\"a\"}")]
    public void A_line_of_anything_else_is_no_event(string line) => Assert.That(RunEventLine.TryRead(line, out _), Is.False);
}
