using MbpoML.Algorithms.Mbpo;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Extensions.Tests;

/// <summary>A dynamics model of one's own on tensors.</summary>
public class OwnDynamicsTests
{
    [Test]
    public void Each_fit_goes_on_from_the_one_before()
    {
        var dynamics = new OwnDynamics();
        Run(dynamics, checkpoints: null, steps: 500, stopAt: null);
        var losses = dynamics.Learners.Single().FirstLosses;
        Assert.That(losses, Has.Count.GreaterThanOrEqualTo(3));
        Assert.That(losses.Skip(1), Has.All.LessThan(losses[0] / 3), "a model that began afresh would begin with the first loss again");
    }

    [Test]
    public void A_run_that_was_stopped_goes_on_bit_for_bit_without_fitting_again()
    {
        using var folder = new TemporaryFolder();
        var whole = Run(new OwnDynamics(), folder["whole"], steps: 400, stopAt: null);
        Assert.That(() => Run(new OwnDynamics(), folder["stopped"], steps: 400, stopAt: 317), Throws.TypeOf<TrainingCanceledException>());
        var resumed = new OwnDynamics();
        Assert.That(Run(resumed, folder["stopped"], steps: 400, stopAt: null), Is.EqualTo(whole));
        Assert.That(resumed.Learners.Single().FirstLosses, Has.Count.LessThanOrEqualTo(1), "the refit of step 350 alone");
    }

    [Test]
    public void The_models_gradient_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.Pendulum();
        var view = rl.Data.Record(environment, 300, seed: 1);
        using var dynamics = rl.Dynamics.ProbabilisticEnsemble(
            new ProbabilisticEnsembleTrainer.Options { MemberCount = 2, EliteCount = 2, HiddenSizes = [16, 16], MaxEpochs = 5, Seed = 1 }).Fit(view);
        var model = (IDifferentiableDynamicsModel)dynamics.Model;
        using var table = rl.Data.Read(view);
        var (observation, action) =
            (table.Layout.Observation(table.Rows).narrow(0, 0, 8).contiguous(), table.Layout.Action(table.Rows).narrow(0, 0, 8).contiguous());
        using var step = model.CreateStep(8);
        // The loss is the sum of all outcomes.
        float Loss(Tensor states, Tensor moves)
        {
            using var generator = new Generator(7);
            step.Forward(states, moves, generator);
            return step.Outcome.sum().item<float>();
        }

        Loss(observation, action);
        step.Backward(ones(8, 4));
        var (byState, byAction) = (step.ObservationGradient.clone(), step.ActionGradient.clone());
        const float Small = 1e-2f;
        for (var row = 0; row < 8; row++)
        {
            var (up, down) = (action.clone(), action.clone());
            up[row, 0] += Small;
            down[row, 0] -= Small;
            Assert.That(byAction[row, 0].item<float>(), Is.EqualTo((Loss(observation, up) - Loss(observation, down)) / (2 * Small)).Within(2e-2));
            var (ahead, behind) = (observation.clone(), observation.clone());
            ahead[row, 2] += Small;
            behind[row, 2] -= Small;
            Assert.That(byState[row, 2].item<float>(), Is.EqualTo((Loss(ahead, action) - Loss(behind, action)) / (2 * Small)).Within(2e-2));
        }
    }

    private static float[] Run(OwnDynamics dynamics, string? checkpoints, int steps, int? stopAt)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.Pendulum();
        using var stop = new CancellationTokenSource();
        var options = new MbpoTrainer.Options
        {
            Steps = steps,
            InitialExplorationSteps = 200,
            ModelTrainingInterval = 75,
            UpdatesPerStep = 2,
            BatchSize = 64,
            EvaluationEpisodes = 0,
            Seed = 5
        };
        if (checkpoints is not null) options.Checkpoints = new Checkpointing { Folder = checkpoints, Every = null };
        if (stopAt is { } step)
            (options.CancellationToken, options.Progress) = (stop.Token, new Listener(progress => { if (progress.Step >= step) stop.Cancel(); }));
        var trainer = rl.Mbpo(environment, options, dynamics, rl.Rollouts.Branched(new() { BatchSize = 500 }),
            rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options { HiddenSizes = [32, 32] }));
        var report = checkpoints is not null && Checkpointing.Exists(checkpoints) ? trainer.Resume(checkpoints) : trainer.Train();
        using var policy = report.Policy;
        Assert.That(report.History[^1].Values, Does.ContainKey("model/own-loss"));
        return [.. Enumerable.Range(-10, 21).Select(index => policy.Act([MathF.Cos(index), MathF.Sin(index), index / 3f])[0])];
    }

    private sealed class Listener(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }
}
