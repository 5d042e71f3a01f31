using MbpoML.Experiments.Execution;
using MbpoML.Training;
using MbpoML.Training.Outcome;

namespace MbpoML.Experiments.Tests.Execution;

[Category("Text")]
public class RunEventWriterTests
{
    private readonly ManualClock _clock = new();

    [Test]
    public void Of_the_signs_of_life_of_a_phase_ten_a_second_are_told()
    {
        var told = Told(writer =>
        {
            for (var sign = 0; sign < 500; sign++)
            {
                writer.Report(Sign(sign));
                _clock.Now += TimeSpan.FromMilliseconds(4);
            }
        });
        Assert.That(told.Cast<RunProgressed>().Select(sign => sign.Progress.Step), Is.EqualTo(Enumerable.Range(0, 20).Select(second => 25 * second)));
    }

    [Test]
    public void A_new_phase_and_every_other_event_is_told_at_once()
    {
        RunEvent[] events =
        [
            Sign(1), Sign(2, TrainingPhase.Evaluating), new RunEpochEnded("run", Sign(3).Progress), new RunWarned("run", "a word"),
            new RunEnded("run", new RunOutcome(RunStatus.Finished, 3, 1, null, null)),
        ];
        Assert.That(Told(writer => Array.ForEach(events, writer.Report)), Is.EqualTo(events));
    }

    [Test]
    public void A_new_checkpoint_is_told_at_once()
    {
        RunEvent[] events = [Sign(1), Sign(2, checkpoint: 2), Sign(3, checkpoint: 3)];
        Assert.That(Told(writer => Array.ForEach([.. events, Sign(4, checkpoint: 3)], writer.Report)), Is.EqualTo(events));
    }

    private static RunProgressed Sign(int step, TrainingPhase phase = TrainingPhase.Exploring, int? checkpoint = null) =>
        new("run", new TrainingProgress { Phase = phase, Step = step, Steps = 1000, Epoch = 0, Elapsed = TimeSpan.Zero, CheckpointStep = checkpoint });

    private List<RunEvent> Told(Action<RunEventWriter> report)
    {
        var output = new StringWriter();
        report(new RunEventWriter(output, TimeSpan.FromSeconds(0.1), _clock));
        return [.. output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
            .Select(line => RunEventLine.TryRead(line, out var happened) ? happened : throw new InvalidDataException(line))];
    }

    private sealed class ManualClock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
