using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Training.Checkpoints;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Tests.Training;

/// <summary>A run that is cancelled inside any stage ends soon, with its policy and a checkpoint, however long the stage would have gone on.</summary>
public sealed class CancellationTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WellInside = TimeSpan.FromSeconds(0.3);

    // Each of these would go on for minutes.
    private static readonly Dictionary<TrainingPhase, Action<MbpoPreset>> Endless = new()
    {
        [TrainingPhase.Exploring] = preset => preset.Trainer.InitialExplorationSteps = 500_000_000,
        [TrainingPhase.FittingModel] = preset => (preset.Dynamics.MaxOptimizerSteps, preset.Dynamics.Patience) = (null, int.MaxValue),
        [TrainingPhase.RollingOut] = preset => (preset.Dynamics.HiddenSizes, preset.Rollouts.BatchSize, preset.Rollouts.Schedule) =
            ([200, 200, 200, 200], 100_000, RolloutSchedule.Constant(100)),
        [TrainingPhase.OptimizingPolicy] = preset => preset.Trainer.UpdatesPerStep = 10_000_000,
        [TrainingPhase.Evaluating] = preset => (preset.Trainer.EvaluationEpisodes, preset.Trainer.EpochLength) = (10_000_000, 5),
    };

    [Test]
    public async Task A_run_stops_within_two_seconds(
        [Values(TrainingPhase.Exploring, TrainingPhase.FittingModel, TrainingPhase.RollingOut, TrainingPhase.OptimizingPolicy, TrainingPhase.Evaluating)]
        TrainingPhase phase,
        [Values(OverlappedStages.None, OverlappedStages.Environment)] OverlappedStages overlap)
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var preset = SmallRuns.Preset(1_000_000_000);
        (preset.Trainer.Overlap, preset.Trainer.CancellationToken) = (overlap, source.Token);
        preset.Trainer.Progress = new ProgressListener(progress =>
        {
            if (progress.Phase == phase) entered.TrySetResult();
        });
        preset.Trainer.Checkpoints = new Checkpointing { Folder = folder["checkpoints"], Every = null };
        Endless[phase](preset);
        var rl = new MLContext(seed: 1).Reinforcement();
        using IEnvironment environment = rl.Environments.CartPoleContinuous();
        var run = Task.Factory.StartNew(() => rl.Mbpo(environment, preset).Train(), TaskCreationOptions.LongRunning);

        await Task.WhenAny(entered.Task, run);
        await Task.Delay(WellInside);
        Assert.That(run.IsCompleted, Is.False, "the stage goes on");
        await source.CancelAsync();
        var stopped = Assert.ThrowsAsync<TrainingCanceledException>(() => run.WaitAsync(Soon));
        stopped!.Report!.Policy.Dispose();
        Assert.That(Checkpointing.Exists(folder["checkpoints"]));
    }

    [Test]
    public void A_stop_in_the_middle_of_a_fit_loses_nothing()
    {
        using var folder = new TemporaryFolder();
        var undisturbed = Train(folder["undisturbed"]);
        using var source = new CancellationTokenSource();
        // Told as the fit begins, which is then stopped in its middle and taken back.
        Assert.That(() => Train(folder["stopped"], progress =>
        {
            if (progress is { Step: >= 100, Phase: TrainingPhase.FittingModel }) source.CancelAfter(Moment);
        }, source.Token), Throws.TypeOf<TrainingCanceledException>());
        Assert.That(Train(folder["stopped"]), Is.EqualTo(undisturbed));
        Assert.That(CheckpointContent.Of(folder["stopped"]), Is.EquivalentTo(CheckpointContent.Of(folder["undisturbed"])));
    }

    private static string[] Train(string checkpoints, Action<TrainingProgress>? listen = null, CancellationToken cancellationToken = default)
    {
        var preset = SmallRuns.Preset(200);
        // A fit takes longer than the moment until it is stopped.
        (preset.Trainer.UpdatesPerStep, preset.Dynamics.MaxOptimizerSteps, preset.Dynamics.Patience) = (1, 2000, int.MaxValue);
        (preset.Trainer.CancellationToken, preset.Trainer.Progress) = (cancellationToken, new ProgressListener(listen ?? (_ => { })));
        preset.Trainer.Checkpoints = new Checkpointing { Folder = checkpoints, EverySteps = 50, Every = null };
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        var trainer = rl.Mbpo(environment, preset);
        var report = Checkpointing.Exists(checkpoints) ? trainer.Resume(checkpoints) : trainer.Train();
        report.Policy.Dispose();
        return StopAndGo.Metrics(report);
    }
}
