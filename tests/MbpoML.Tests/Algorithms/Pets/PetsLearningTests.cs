using MbpoML.Algorithms.Pets.Presets;
using MbpoML.Environments.Tasks;
using Microsoft.ML;

namespace MbpoML.Tests.Algorithms.Pets;

/// <summary>PETS learns in a handful of trials what chance cannot.</summary>
public class PetsLearningTests
{
    // Doing nothing gives -0.03; random actions run away and give less than -1.
    [Test]
    public void A_point_is_brought_to_the_middle_within_five_episodes()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var point = new LineEnvironment(knownReward: true);
        var preset = new PetsPreset();
        (preset.Trainer.Steps, preset.Trainer.EpochLength, preset.Trainer.InitialExplorationSteps, preset.Trainer.Seed) = (150, 30, 30, 1);
        (preset.Dynamics.HiddenSizes, preset.Dynamics.TargetNormalization, preset.Dynamics.MaxEpochs) = ([64, 64], true, 200);
        (preset.Planner.Horizon, preset.Planner.Particles) = (15, 5);
        (preset.ImprovedCrossEntropy.Candidates, preset.ImprovedCrossEntropy.Elites) = (200, 20);
        var report = rl.Pets(point, preset).Train();
        report.Policy.Dispose();
        TestContext.Out.WriteLine(string.Join(", ", report.History.Select(epoch => $"{epoch.EvaluationReturn:F4}")));
        Assert.That(report.History[^1].EvaluationReturn, Is.GreaterThan(-0.005));
    }

    // The most is some 26 of 40 steps; a pole that hangs has less than 0.1.
    [Test]
    public void The_pole_of_pilco_is_up_within_fifteen_episodes()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var pole = new CartPoleSwingUpEnvironment();
        var preset = PetsPresets.For(pole);
        (preset.Trainer.Steps, preset.Trainer.Seed) = (15 * 40, 1);
        (preset.Planner.Horizon, preset.Planner.Particles) = (20, 5);
        var report = rl.Pets(pole, preset).Train();
        report.Policy.Dispose();
        TestContext.Out.WriteLine(string.Join(", ", report.History.Select(epoch => $"{epoch.EvaluationReturn:F2}")));
        Assert.That(report.History.Max(epoch => epoch.EvaluationReturn), Is.GreaterThan(15));
    }
}
