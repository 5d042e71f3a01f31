using System.Globalization;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;

namespace MbpoML.Tests.Training.Outcome;

[Category("Text")]
public class ProgressLinesTests
{
    [Test]
    public void Lines_tell_steps_return_phase_and_the_time_left()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var progress = Progress.Lines(writer);
        progress.Report(At(0, 0, TrainingPhase.Exploring));
        progress.Report(At(300, 2, TrainingPhase.FittingModel));
        progress.Report(At(300, 29, TrainingPhase.RollingOut));
        progress.Report(At(310, 42, TrainingPhase.OptimizingPolicy));
        progress.Report(At(500, 60, TrainingPhase.Evaluating, -1234.5678));
        progress.Report(At(1000, 120, TrainingPhase.Finished, -0.02, closes: false));
        Assert.That(writer.ToString().Split('\n'), Is.EqualTo(new[]
        {
            "00:00:42  step 310 of 1000, not evaluated yet, optimizing the policy, about 00:46:00 left",
            "00:01:00  step 500 of 1000, return -1234.568, evaluating, about 00:02:25 left",
            "00:02:00  step 1000 of 1000, return -0.02, finished",
            "",
        }), "half a minute without an evaluation has a line, a second has none");
    }

    [Test]
    public void A_terminal_has_one_line_that_is_written_over_and_keeps_evaluations()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var progress = new ProgressLines(writer, () => 60);
        progress.Report(At(0, 0, TrainingPhase.Exploring));
        progress.Report(At(300, 2, TrainingPhase.FittingModel));
        progress.Report(At(1000, 70, TrainingPhase.Finished, 5));
        var lines = writer.ToString().Split('\n');
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Length.EqualTo(2));
            var drawn = lines[0].Split('\r');
            Assert.That(drawn[0], Is.Empty);
            Assert.That(drawn[1], Does.StartWith("00:00:00  step 0 of 1000, not evaluated yet, random explor"));
            Assert.That(drawn[^1], Does.StartWith("00:01:10  step 1000 of 1000, return 5, finished"));
            Assert.That(drawn.Select(line => line.Length), Has.All.LessThan(60), "a longer line would scroll");
            Assert.That(drawn[^1], Has.Length.EqualTo(59), "what was longer before is blanked");
        });
    }

    [TestCase("de-DE")]
    [TestCase("ar-SA")]
    public void Numbers_are_written_alike_in_every_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            using var writer = new StringWriter { NewLine = "\n" };
            Progress.Lines(writer).Report(At(500, 60, TrainingPhase.Evaluating, -1234.5));
            Assert.That(writer.ToString(), Is.EqualTo("00:01:00  step 500 of 1000, return -1234.5, evaluating, time left not known yet\n"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void An_output_that_is_closed_or_fails_ends_the_display_and_not_the_run()
    {
        var closed = new StreamWriter(new MemoryStream());
        closed.Dispose();
        using var failing = new FailingWriter();
        foreach (var progress in (IProgress<TrainingProgress>[])[Progress.Lines(closed), Progress.Lines(failing), new ProgressLines(failing, () => 0)])
        {
            Assert.That(() => progress.Report(At(500, 60, TrainingPhase.Evaluating, 1)), Throws.Nothing);
            Assert.That(() => progress.Report(At(1000, 90, TrainingPhase.Finished, 2)), Throws.Nothing);
        }

        Assert.That(failing.Calls, Is.EqualTo(2), "nothing more is written to it");
    }

    [Test]
    public void The_console_is_shown_whatever_it_is() =>
        Assert.That(() => Progress.Console().Report(At(1000, 90, TrainingPhase.Finished, 2)), Throws.Nothing);

    private static TrainingProgress At(int step, int seconds, TrainingPhase phase, double? evaluation = null, bool closes = true) => new()
    {
        Phase = phase,
        Step = step,
        Steps = 1000,
        Epoch = 0,
        Elapsed = TimeSpan.FromSeconds(seconds),
        EvaluationReturn = evaluation,
        EpochMetrics = evaluation is { } value && closes
            ? new EpochMetrics(0, step, new Dictionary<string, double> { [MetricNames.EvaluationReturnMean] = value }) : null,
    };

    private sealed class FailingWriter : StringWriter
    {
        public int Calls { get; private set; }

        public override void Write(string? value) => Fail();

        public override void WriteLine(string? value) => Fail();

        private void Fail()
        {
            Calls++;
            throw new IOException("Broken pipe");
        }
    }
}
