using MbpoML.Algorithms.DoubleHorizon.Presets;
using MbpoML.Algorithms.Mbpo.Presets;
using Microsoft.ML;

namespace MbpoML.Tests.Algorithms.DoubleHorizon;

/// <summary>The whole algorithm learns what chance cannot, from few steps and with one update for each.</summary>
public class DoubleHorizonLearningTests
{
    // At random an episode has about -1200, and one of ten thousand reaches -300; a policy that swings up and holds has -150.
    [Test]
    public void The_pendulum_is_swung_up_within_fifteen_hundred_steps()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var pendulum = rl.Environments.Pendulum();
        var preset = MbpoPresets.Pendulum().DoubleHorizon();
        (preset.Trainer.Steps, preset.Trainer.EpochLength, preset.Trainer.Seed, preset.Trainer.EvaluationEpisodes) = (1500, 500, 1, 0);
        (preset.Dynamics.HiddenSizes, preset.Dynamics.FirstOptimizerSteps, preset.Dynamics.OptimizerSteps) = ([64, 64], 800, 200);
        (preset.Policy.ActorHiddenSizes, preset.Policy.CriticHiddenSizes, preset.Policy.BatchSize) = ([64, 64], [64, 64], 128);
        (preset.Policy.ActorLearningRate, preset.Policy.CriticLearningRate) = (1e-3, 1e-3);
        using var policy = rl.DoubleHorizonMbpo(pendulum, preset).Fit();
        Assert.That(rl.Evaluate(policy, pendulum, episodes: 10, seed: 5).MeanReturn, Is.GreaterThan(-300));
    }
}
