using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Extensions.Tests;

/// <summary>A rule with a memory.</summary>
public class GateTests
{
    [Test]
    public void Its_distance_is_that_of_a_plain_computation()
    {
        using var scope = NewDisposeScope();
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.Pendulum();
        var view = rl.Data.Record(environment, 300, seed: 1);
        using var dynamics = rl.Dynamics.ProbabilisticEnsemble(
            new ProbabilisticEnsembleTrainer.Options { MemberCount = 3, EliteCount = 3, HiddenSizes = [16], MaxEpochs = 5, Seed = 1 }).Fit(view);
        using var table = rl.Data.Read(view);
        var (observation, action) = (table.Layout.Observation(table.Rows).narrow(0, 0, 5), table.Layout.Action(table.Rows).narrow(0, 0, 5));
        var distances = BhattacharyyaGate.Distance(dynamics.Model, observation, action).data<float>().ToArray();
        var (means, deviations) = dynamics.Model.PredictMembers(observation, action);
        for (var row = 0; row < 5; row++)
        {
            var sum = 0.0;
            foreach (var (one, other) in new[] { (0, 1), (0, 2), (1, 2) })
            {
                for (var output = 0; output < 4; output++)
                {
                    double Mean(int member) => means[member, row, output].item<float>();
                    double Variance(int member) => Math.Pow(deviations[member, row, output].item<float>(), 2);
                    // -ln of the integral of the root of the product of two normal densities.
                    var variance = (Variance(one) + Variance(other)) / 2;
                    sum += (Math.Pow(Mean(one) - Mean(other), 2) / (8 * variance)) + (0.5 * Math.Log(variance / Math.Sqrt(Variance(one) * Variance(other))));
                }
            }

            Assert.That(distances[row], Is.EqualTo(sum / 3).Within(1e-4 * Math.Max(1, sum)));
        }
    }

    [Test]
    public void It_stops_rollouts_and_remembers_across_branchings_and_stops()
    {
        using var folder = new TemporaryFolder();
        var (whole, expected) = Run(folder["whole"], stopAt: null);
        Assert.That(() => Run(folder["stopped"], stopAt: 317), Throws.TypeOf<TrainingCanceledException>());
        var (resumed, actual) = Run(folder["stopped"], stopAt: null);
        Assert.Multiple(() =>
        {
            Assert.That(whole.Usual, Has.Count.EqualTo(4), "branched after 200, 250, 300 and 350 steps");
            Assert.That(resumed.Usual, Is.EqualTo(whole.Usual));
            Assert.That(actual, Is.EqualTo(expected));
        });
    }

    [Test]
    public void A_penalty_lowers_the_imagined_rewards_and_rules_combine()
    {
        using var scope = NewDisposeScope();
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.Pendulum();
        var view = rl.Data.Record(environment, 200, seed: 1);
        using var dynamics = rl.Dynamics.ProbabilisticEnsemble(
            new ProbabilisticEnsembleTrainer.Options { MemberCount = 2, EliteCount = 2, HiddenSizes = [8], MaxEpochs = 2, Seed = 1 }).Fit(view);
        using var policy = rl.Policies.SoftActorCritic(
            new SoftActorCriticTrainer.Options { HiddenSizes = [8], Updates = 5, BatchSize = 8, ActionSpace = environment.ActionSpace, Seed = 1 }).Fit(view);
        float[] Rewards(IRolloutRule? rule) =>
            [.. rl.Rollouts.Branched(dynamics, policy, new BranchedRolloutEstimator.Options { Length = 2, Rule = rule, Seed = 1 }).Fit(view).Transform(view)
                .GetColumn<float>("Reward")];
        var plain = Rewards(null);
        Assert.Multiple(() =>
        {
            Assert.That(Rewards(RolloutRule.Penalise(step => ones_like(step.Reward))), Is.EqualTo(plain.Select(reward => reward - 1)).Within(1e-6));
            Assert.That(Rewards(RolloutRule.All(RolloutRule.Penalise(step => ones_like(step.Reward)), RolloutRule.Penalise(step => step.Reward * 0.5))),
                Is.EqualTo(plain.Select(reward => (reward - 1) / 2)).Within(1e-6));
            Assert.That(
                Rewards(RolloutRule.All(RolloutRule.StopWhere(step => step.Rows.remainder(2).to(@bool)), RolloutRule.Penalise(step => ones_like(step.Reward)))),
                Has.Length.EqualTo(300), "odd rows stop after their first step");
        });
    }

    private static (BhattacharyyaGate Gate, float[] Actions) Run(string checkpoints, int? stopAt)
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.Pendulum();
        using var stop = new CancellationTokenSource();
        var (gate, preset) = (new BhattacharyyaGate(factor: 1, quantile: 0.9), MbpoPresets.Pendulum());
        var options = new MbpoTrainer.Options
        {
            Steps = 400,
            InitialExplorationSteps = 200,
            ModelTrainingInterval = 50,
            UpdatesPerStep = 2,
            BatchSize = 64,
            EvaluationEpisodes = 0,
            Seed = 5
        };
        options.Checkpoints = new Checkpointing { Folder = checkpoints, Every = null };
        if (stopAt is { } step)
            (options.CancellationToken, options.Progress) = (stop.Token, new Listener(progress => { if (progress.Step >= step) stop.Cancel(); }));
        (preset.Dynamics.HiddenSizes, preset.Dynamics.MemberCount, preset.Dynamics.EliteCount, preset.Dynamics.MaxOptimizerSteps) = ([16, 16], 3, 3, 60);
        (preset.Rollouts.BatchSize, preset.Rollouts.Rule) = (500, gate);
        var trainer = rl.Mbpo(
            environment, options, rl.Dynamics.ProbabilisticEnsemble(preset.Dynamics), rl.Rollouts.Branched(preset.Rollouts),
            rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options { HiddenSizes = [32, 32] }));
        var report = Checkpointing.Exists(checkpoints) ? trainer.Resume(checkpoints) : trainer.Train();
        using var policy = report.Policy;
        Assert.That(report.History[^1].Values[MetricNames.RolloutStopped], Is.GreaterThan(0));
        return (gate, [.. Enumerable.Range(-10, 21).Select(index => policy.Act([MathF.Cos(index), MathF.Sin(index), index / 3f])[0])]);
    }

    private sealed class Listener(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }
}
