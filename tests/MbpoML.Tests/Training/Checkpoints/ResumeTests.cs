using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Numerics;
using MbpoML.Training;
using MbpoML.Training.Outcome;

namespace MbpoML.Tests.Training.Checkpoints;

/// <summary>
/// A run that is stopped and resumed ends as if it had never stopped: every weight, every pool row, every random stream and every metric but the times.
/// </summary>
public class ResumeTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("mbpo-resume-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_run_stopped_at_random_moments_is_the_same_as_one_that_never_stopped(
        [Values(OverlappedStages.None, OverlappedStages.Environment)] OverlappedStages overlap, [Values] Acceleration acceleration, [Values(7, 8)] int seed)
    {
        void Change(MbpoPreset preset)
        {
            preset.Trainer.Overlap = overlap;
            // With a limit that the growing rollouts reach.
            if (seed == 8) preset.Rollouts.MaxTransitions = 100;
            (preset.Dynamics.Acceleration, preset.Policy.Acceleration) = (acceleration, acceleration);
        }

        StopAtRandom(Change, seed);
    }

    [Test]
    public void A_run_stopped_in_whole_episodes_among_shorter_ones_is_the_same() =>
        StopAtRandom(preset => (preset.Trainer.TrainingEpisodeSteps, preset.Trainer.WholeEpisodeInterval) = (4, 2), seed: 9);

    private void StopAtRandom(Action<MbpoPreset> change, int seed)
    {
        using var undisturbed = new StopAndGo(Path.Combine(_folder, "undisturbed"), change);
        var expected = undisturbed.RunThrough();
        var ticks = undisturbed.Ticks;
        var random = new Random(seed);
        using var stopped = new StopAndGo(Path.Combine(_folder, "stopped"), change);
        TrainingReport? report = null;
        var stops = 0;
        // A stop before the run gets any further would never end.
        for (; report is null; stops++) report = stopped.Go(random.Next(8, Math.Max(9, ticks / 6)), random.Next(4) == 0 ? random.Next(1, 20) : 0);

        TestContext.Out.WriteLine($"{stops - 1} stops");
        Assert.That(stops, Is.GreaterThan(5));
        Assert.That(StopAndGo.Metrics(report), Is.EqualTo(StopAndGo.Metrics(expected)));
        Assert.That(CheckpointContent.Of(Path.Combine(_folder, "stopped")), Is.EquivalentTo(CheckpointContent.Of(Path.Combine(_folder, "undisturbed"))));
        report.Policy.Dispose();
        expected.Policy.Dispose();
    }
}
