using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML;

namespace MbpoML.Tests.Training.Checkpoints;

public class RunCheckpointsTests
{
    // Steps or times that are not given are no steps and no times at all.
    [TestCase(null, 10, 600, ExpectedResult = new[] { false, false, true, false })]
    [TestCase(20, null, 600, ExpectedResult = new[] { false, true, false, true })]
    [TestCase(20, 10, 600, ExpectedResult = new[] { false, true, true, true })]
    public bool[] One_is_due_by_steps_or_by_the_time(int? steps, int? minutes, int wait)
    {
        using var folder = new TemporaryFolder();
        var time = new SteppedTime();
        var options = new Checkpointing { Folder = folder.FullName, Every = minutes is { } every ? TimeSpan.FromMinutes(every) : null, EverySteps = steps };
        var checkpoints = new RunCheckpoints(options, writer => writer.Add("content", 1), step: 0, time, new RunMeters("test", 1), NullLogger.Instance);
        bool[] written = [checkpoints.WriteIfDue(19), checkpoints.WriteIfDue(20), Later(wait, 21), checkpoints.WriteIfDue(41)];
        Assert.That(Directory.GetFiles(folder.FullName, "*.checkpoint"), Has.Length.EqualTo(written.Count(one => one)));
        return written;

        bool Later(double seconds, int step)
        {
            time.Advance(seconds);
            return checkpoints.WriteIfDue(step);
        }
    }

    [Test]
    public void A_run_tells_each_when_it_is_written()
    {
        using var folder = new TemporaryFolder();
        var told = new List<(int Step, bool IsThere)>();
        var preset = SmallRuns.Preset(200);
        preset.Trainer.Checkpoints = new Checkpointing { Folder = folder.FullName, EverySteps = 60, Keep = 10 };
        preset.Trainer.Progress = new ProgressListener(progress =>
        {
            if (progress.CheckpointStep is not { } step || told.Any(one => one.Step == step)) return;
            told.Add((step, File.Exists(folder[$"step-{step:D12}.checkpoint"])));
        });
        SmallRuns.Train(new MLContext(seed: 1).Reinforcement(), preset);
        Assert.That(told, Is.EqualTo(new[] { (60, true), (120, true), (180, true), (200, true) }));
    }

    [Test]
    public void One_is_due_when_the_clock_of_the_run_says_so()
    {
        using var folder = new TemporaryFolder();
        var time = new SteppedTime();
        var options = new Checkpointing { Folder = folder.FullName, Every = TimeSpan.FromMinutes(10), EverySteps = int.MaxValue };
        var checkpoints = new RunCheckpoints(options, writer => writer.Add("content", 1), step: 0, time, new RunMeters("test", 1), NullLogger.Instance);

        Assert.Multiple(() =>
        {
            Assert.That(After(599, step: 1), Is.Empty);
            Assert.That(After(1, step: 2), Is.EqualTo(new[] { "step-000000000002.checkpoint" }));
            Assert.That(After(599, step: 3), Has.Length.EqualTo(1), "the time counts from the last one");
            Assert.That(After(1, step: 4), Does.Contain("step-000000000004.checkpoint"));
        });

        string?[] After(double seconds, int step)
        {
            time.Advance(seconds);
            checkpoints.WriteIfDue(step);
            return [.. Directory.GetFiles(folder.FullName, "*.checkpoint").Select(Path.GetFileName)];
        }
    }
}
