using MbpoML.Algorithms.Mbpo;
using MbpoML.Imagination;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Tests.Dynamics.Homoscedastic;

/// <summary>Whole runs of MBPO with the ensemble as stage 1.</summary>
public class HomoscedasticRunTests
{
    [Test]
    public void A_run_that_was_stopped_goes_on_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var whole = Run(folder["whole"], stopAt: null);
        Assert.That(() => Run(folder["stopped"], stopAt: 317), Throws.TypeOf<TrainingCanceledException>());
        Assert.That(Run(folder["stopped"], stopAt: null), Is.EqualTo(whole));
    }

    private static double[] Run(string checkpoints, int? stopAt)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.Pendulum();
        using var stop = new CancellationTokenSource();
        var options = new MbpoTrainer.Options
        {
            Steps = 400,
            EpochLength = 200,
            InitialExplorationSteps = 150,
            ModelTrainingInterval = 75,
            UpdatesPerStep = 2,
            BatchSize = 64,
            EvaluationEpisodes = 0,
            Seed = 5,
            Checkpoints = new Checkpointing { Folder = checkpoints, Every = null },
        };
        if (stopAt is { } step)
            (options.CancellationToken, options.Progress) = (stop.Token, new Listener(progress => { if (progress.Step >= step) stop.Cancel(); }));
        var dynamics = rl.Dynamics.HomoscedasticEnsemble(
            new() { MemberCount = 3, HiddenSizes = [24, 24], BatchSize = 64, FirstOptimizerSteps = 200, OptimizerSteps = 50, Workers = 2 });
        var trainer = rl.Mbpo(
            environment, options, dynamics,
            rl.Rollouts.Branched(new BranchedRollouts.Options { BatchSize = 500, Schedule = RolloutSchedule.Constant(3) }),
            rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options { HiddenSizes = [32, 32] }));
        var report = Checkpointing.Exists(checkpoints) ? trainer.Resume(checkpoints) : trainer.Train();
        using var policy = report.Policy;
        var last = report.History[^1].Values;
        Assert.That(last["model/optimizer-steps"], Is.EqualTo(50), "refits go on from where they were");
        double[] measured =
            [.. ((string[])["model/new-rows-loss", "model/noise", "model/train-loss", "model/holdout-mse", "model/holdout-rows"]).Select(name => last[name])];
        return [.. measured, .. Enumerable.Range(-10, 21).Select(index => (double)policy.Act([MathF.Cos(index), MathF.Sin(index), index / 3f])[0])];
    }

    private sealed class Listener(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }
}
