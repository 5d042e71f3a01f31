using MbpoML.Tool.Display;
using MbpoML.Training;

namespace MbpoML.Tool.Tests.Display;

[Category("Text")]
public class PipeDisplayTests
{
    [Test]
    public void What_a_run_tells_arrives_in_the_other_process()
    {
        var progress = new TrainingProgress
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
        using var pipe = new StringWriter();
        var sender = new PipeDisplay(pipe);
        sender.Report("ignored", progress);
        sender.Say("ignored", "one \"line\"\nand another");
        sender.Warn("ignored", "careful");

        var received = new Recorder();
        foreach (var line in pipe.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Append("no json")) PipeDisplay.Relay("seed-1", line, received);
        Assert.Multiple(() =>
        {
            Assert.That(received.Progress! with { EpochMetrics = null }, Is.EqualTo(progress with { EpochMetrics = null }));
            Assert.That(received.Progress!.EpochMetrics!.Values, Is.EqualTo(progress.EpochMetrics!.Values));
            Assert.That(received.Lines, Is.EqualTo(new[] { "seed-1 says one \"line\"\nand another", "seed-1 warns careful", "seed-1 warns no json" }));
        });
    }

    private sealed class Recorder : IRunDisplay
    {
        public TrainingProgress? Progress { get; private set; }

        public List<string> Lines { get; } = [];

        public void Report(string run, TrainingProgress progress) => Progress = progress;

        public void Say(string run, string sentence) => Lines.Add($"{run} says {sentence}");

        public void Warn(string run, string sentence) => Lines.Add($"{run} warns {sentence}");
    }
}
