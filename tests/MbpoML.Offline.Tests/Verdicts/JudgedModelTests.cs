using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Dynamics.Ensemble;
using Microsoft.ML;

namespace MbpoML.Offline.Tests.Verdicts;

/// <summary>What a model is wrong by is measured as its estimates are made: under feedback, and without a walk of what only jumps now and then.</summary>
public class JudgedModelTests
{
    private const double LoggedGain = 0.5;

    [Test]
    public void A_plant_that_falls_over_without_its_controller_is_replayed_under_it()
    {
        using var judge = JudgeOf(jumps: 0);
        var report = judge.Judge(PlantedLog.Controller(1.25));
        Assert.Multiple(() =>
        {
            Assert.That(report.Calibration.ErrorBySteps[^1], Is.GreaterThan(1), "the logged actions alone lead elsewhere");
            Assert.That(
                Math.Abs(report.Calibration.ReturnBias) + report.Calibration.ReturnBiasHalfWidth, Is.LessThan(0.1 * Math.Abs(report.Model.Log)),
                "but what is earned under the controller is foretold");
            Assert.That(report.Verdict, Is.EqualTo(OfflineVerdict.Better), report.ToString());
        });
    }

    [Test]
    public void Set_points_that_jump_now_and_then_do_not_become_a_walk()
    {
        using var judge = JudgeOf(jumps: 0.02);
        var report = judge.Judge(judge.Clone);
        Assert.Multiple(() =>
        {
            Assert.That(report.Calibration.DrawsNoise, Is.False);
            Assert.That(report.Model.CloneMean, Is.EqualTo(report.Model.Log).Within(0.5 * Math.Abs(report.Model.Log)));
        });
    }

    private static OfflineJudge JudgeOf(double jumps)
    {
        var rl = new MLContext(1).Reinforcement();
        return rl.Offline.JudgeOf(
            PlantedLog.Of(episodes: 60, LoggedGain, jumps),
            new OfflineJudge.Options
            {
                FittedQUpdates = 1000, FittedQLearningRate = 1e-3, BatchSize = 64, CloneUpdates = 2000, MaxStarts = 40, Discount = 0.9, Seed = 1,
            },
            rl.Dynamics.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options
            {
                MemberCount = 4, EliteCount = 4, HiddenSizes = [32, 32], BatchSize = 64, MaxOptimizerSteps = 1500, TargetNormalization = true,
            }));
    }
}
