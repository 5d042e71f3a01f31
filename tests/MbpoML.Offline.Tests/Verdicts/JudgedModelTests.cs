using MbpoML.Algorithms.Offline;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Environments.Functions;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Verdicts;

/// <summary>What a model is wrong by is measured in the way in which its estimates are made.</summary>
public class JudgedModelTests
{
    [Test]
    public void A_plant_that_falls_over_without_its_controller_is_replayed_under_it()
    {
        var (calibration, logged) = Calibrate(plantNoise: 0, modelGrowth: PlantedLog.Growth + 0.01, modelNoise: 0);
        Assert.Multiple(() =>
        {
            Assert.That(calibration.ErrorBySteps[^1], Is.GreaterThan(1), "the logged actions alone lead elsewhere");
            Assert.That(
                Math.Abs(calibration.ReturnBias) + calibration.ReturnBiasHalfWidth, Is.LessThan(0.1 * Math.Abs(logged)),
                "but what is earned under the controller is foretold");
        });
    }

    [Test]
    public void A_perfect_model_foretells_what_was_logged_exactly()
    {
        var (calibration, logged) = Calibrate(plantNoise: 0, modelGrowth: PlantedLog.Growth, modelNoise: 0);
        Assert.That(calibration.ReturnBias, Is.EqualTo(0).Within(1e-3 * Math.Abs(logged)));
        Assert.That(calibration.ReturnCorrelation, Is.GreaterThan(0.999));
    }

    [TestCase(0, 0.5, ExpectedResult = false)]
    [TestCase(0.5, 0.5, ExpectedResult = true)]
    public bool Noise_is_drawn_where_that_foretells_returns_better(double plantNoise, double modelNoise) =>
        Calibrate(plantNoise, PlantedLog.Growth, modelNoise).Calibration.DrawsNoise;

    // The model's own word on the reward is far off, and sure. What it says of the plant lies within every interval.
    [TestCase(false, ExpectedResult = 0.5)]
    [TestCase(true, ExpectedResult = 1)]
    public double A_known_reward_does_not_count_in_the_coverage(bool isRewardKnown) => Calibrate(
        plantNoise: 0, PlantedLog.Growth, modelNoise: 0.01, rewardError: 100,
        isRewardKnown ? RewardFunction.FromRow((_, _, next) => -next[0] * next[0]) : null).Calibration.Coverage90;

    private static (ModelCalibration Calibration, double Logged) Calibrate(
        double plantNoise, double modelGrowth, double modelNoise, double rewardError = 0, IRewardFunction? reward = null)
    {
        using var log = PlantedLog.Of(plantNoise);
        using var learner = new Planted(new MembersModel(log.Layout, 2, (observation, action) =>
        {
            var next = observation.mul(modelGrowth).add(action);
            var mean = cat([next.mul(next).neg().add(rewardError), next], 1).unsqueeze(0).expand(2, -1, -1).clone();
            return (mean, full_like(mean, modelNoise));
        }));
        var windows = new LogWindows(log, horizon: 60);
        using var all = arange(log.Rows.size(0), ScalarType.Int64);
        var starts = windows.Starts(all.data<long>().ToArray(), most: 40, enough: 20);
        var calibration = new JudgedModel(log, windows, learner, new OfflineJudge.Options { Reward = reward }, new SetPoints([]), seed: 1)
            .Calibrate(all, starts, PlantedLog.Controller);
        return (calibration, starts.Average(start => windows.Return(start)));
    }
}
