using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Extensions.Tests;

/// <summary>An algorithm of one's own: everything around it is the run's.</summary>
public class OwnAlgorithmTests
{
    [Test]
    public void It_learns_is_evaluated_and_measured()
    {
        var report = Run(checkpoints: null, stopAt: null);
        using var policy = report.Policy;
        Assert.Multiple(() =>
        {
            Assert.That(report.History, Has.Count.EqualTo(6));
            Assert.That(report.History[^1].Values["policy/gain"], Is.LessThan(-1), "against the displacement");
            Assert.That(report.History[^1].EvaluationReturn, Is.GreaterThan(report.History[0].EvaluationReturn!.Value));
            Assert.That(report.History[^1].Values[MetricNames.TrainingUpdates], Is.EqualTo(58), "an episode of exploration, then an update for each");
        });
    }

    [Test]
    public void A_run_that_was_stopped_goes_on_exactly()
    {
        using var folder = new TemporaryFolder();
        string[] Metrics(TrainingReport report)
        {
            report.Policy.Dispose();
            return [
                .. report.History.SelectMany(epoch => epoch.Values.Where(metric => !metric.Key.Contains("seconds", StringComparison.Ordinal))
                    .Select(metric => $"{epoch.Step} {metric.Key} {metric.Value:R}"))];
        }

        var whole = Metrics(Run(folder["whole"], stopAt: null));
        Assert.That(() => Run(folder["stopped"], stopAt: 233), Throws.TypeOf<TrainingCanceledException>());
        Assert.That(Metrics(Run(folder["stopped"], stopAt: null)), Is.EqualTo(whole));
    }

    private static TrainingReport Run(string? checkpoints, int? stopAt)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var stop = new CancellationTokenSource();
        var options = new TrainingOptions { Steps = 600, EpochLength = 100, InitialExplorationSteps = 20, EvaluationEpisodes = 5, Seed = 2 };
        if (checkpoints is not null) options.Checkpoints = new Checkpointing { Folder = checkpoints, Every = null };
        if (stopAt is { } step)
            (options.CancellationToken, options.Progress) = (stop.Token, new Listener(progress => { if (progress.Step >= step) stop.Cancel(); }));
        var trainer = rl.Train(new Rail(), options, setup => new HillClimbing(rl.Policies, setup));
        return checkpoints is not null && Checkpointing.Exists(checkpoints) ? trainer.Resume(checkpoints) : trainer.Train();
    }

    private sealed class Listener(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }
}
