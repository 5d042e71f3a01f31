using MbpoML.Algorithms.Offline;
using Microsoft.ML;
using static System.FormattableString;

namespace MbpoML.Offline.Tests;

/// <summary>A log that shows only a narrow range of actions: who trusts the model beyond it is fooled, and the default penalty keeps the policy
/// inside.</summary>
public class NarrowLogTests
{
    [TestCase(1)]
    [TestCase(2)]
    public void MOPO_without_a_penalty_fails_and_with_the_default_does_not(int seed)
    {
        var (alone, kept) = (Reward(seed, penalty: 0), Reward(seed));
        TestContext.Out.WriteLine(Invariant($"Seed {seed}: {alone:F2} without a penalty, {kept:F2} with the default."));
        Assert.Multiple(() =>
        {
            Assert.That(alone, Is.LessThan(-0.5), "it goes where more looked better");
            Assert.That(kept, Is.GreaterThan(0.0), "it stays where the log was");
        });
    }

    // The reason of the default: deviations stay small beyond the log.
    [TestCase(1)]
    [TestCase(2)]
    public void MOPO_with_the_measure_of_the_paper_fails_here_too(int seed)
    {
        var reward = Reward(seed, uncertainty: ModelUncertainty.LargestDeviation);
        TestContext.Out.WriteLine(Invariant($"Seed {seed}: {reward:F2} by the largest deviation."));
        Assert.That(reward, Is.LessThan(-0.5));
    }

    private static double Reward(int seed, double? penalty = null, ModelUncertainty? uncertainty = null)
    {
        var rl = new MLContext(1).Reinforcement();
        var options = new MopoTrainer.Options
        {
            Updates = 1200,
            EpochLength = 400,
            BatchSize = 64,
            RolloutLength = 1,
            RolloutBatchSize = 500,
            RolloutInterval = 200,
            Seed = seed,
            ActionSpace = NarrowLog.Actions,
        };
        options.Penalty = penalty ?? options.Penalty;
        options.Uncertainty = uncertainty ?? options.Uncertainty;
        using var policy = rl.Offline.Mopo(options, NarrowLog.Dynamics(rl), NarrowLog.Policy(rl)).Fit(NarrowLog.Of(rl));
        return NarrowLog.Reward(policy);
    }
}
