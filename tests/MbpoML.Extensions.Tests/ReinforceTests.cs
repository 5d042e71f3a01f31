using MbpoML.Algorithms.Mbpo;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Extensions.Tests;

/// <summary>A learner of whole imagined episodes instead of minibatches.</summary>
public class ReinforceTests
{
    [Test]
    public void It_learns_from_episodes_that_the_model_imagines_and_goes_on_exactly()
    {
        using var folder = new TemporaryFolder();
        var (learner, gain) = Run(folder["whole"], stopAt: null);
        Assert.Multiple(() =>
        {
            Assert.That(gain, Is.LessThan(-0.5), "against the displacement");
            Assert.That(learner.Seen, Has.All.EqualTo((50, 50L * 6)), "fifty episodes of six steps an update: nothing terminates");
        });
        Assert.That(() => Run(folder["stopped"], stopAt: 167), Throws.TypeOf<TrainingCanceledException>());
        Assert.That(Run(folder["stopped"], stopAt: null).Gain, Is.EqualTo(gain));
    }

    private static (ReinforceLearner Learner, double Gain) Run(string checkpoints, int? stopAt)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var stop = new CancellationTokenSource();
        var policy = new ReinforceLearner.Estimator(rl);
        var options = new MbpoTrainer.Options
        {
            Steps = 220,
            InitialExplorationSteps = 120,
            ModelTrainingInterval = 50,
            UpdatesPerStep = 1,
            EvaluationEpisodes = 0,
            Seed = 5
        };
        options.Checkpoints = new Checkpointing { Folder = checkpoints, Every = null };
        if (stopAt is { } step)
            (options.CancellationToken, options.Progress) = (stop.Token, new Listener(progress => { if (progress.Step >= step) stop.Cancel(); }));
        var ensemble = rl.Dynamics.ProbabilisticEnsemble(
            new ProbabilisticEnsembleTrainer.Options
            {
                MemberCount = 2,
                EliteCount = 2,
                HiddenSizes = [16, 16],
                MaxOptimizerSteps = 200,
                TargetNormalization = true
            });
        var trainer = rl.Mbpo(new Rail(), options, ensemble, rl.Rollouts.Branched(new() { BatchSize = 50 }), policy);
        var report = Checkpointing.Exists(checkpoints) ? trainer.Resume(checkpoints) : trainer.Train();
        report.Policy.Dispose();
        Assert.That(report.History[^1].Values, Does.Not.ContainKey(MetricNames.RolloutLength), "no other rollouts are branched for it");
        return (policy.Learners[^1], report.History[^1].Values["policy/gain"]);
    }

    private sealed class Listener(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }
}
