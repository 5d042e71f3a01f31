using MbpoML.Algorithms.Offline;
using Microsoft.ML;
using static System.FormattableString;

namespace MbpoML.Offline.Tests;

/// <summary>IQL, MOReL and MOBILE earn more than a clone of their log does, over five seeds, by more than chance explains.</summary>
public class LearningTests
{
    // Student's t with four degrees of freedom is larger with a probability of 0.005.
    private const double Quantile = 4.604;

    private static readonly int[] AllSeeds = [1, 2, 3, 4, 5];

    // A controller that is too weak by far, with noise, from which more can be learned than it does.
    private readonly Lazy<IDataView> _weak = new(() => LineLog.Of(episodes: 30, gain: 0.3, noise: 0.4));

    private readonly ReinforcementCatalog _rl = new MLContext(1).Reinforcement();

    [Test]
    public void IQL_copies_the_better_half_of_a_log() => AssertGains("IQL", seed =>
    {
        var log = NarrowLog.Of(_rl);
        var (cloning, copying) = (Small(new BehaviorCloningTrainer.Options(), seed), Small(new IqlTrainer.Options { Discount = 0.9 }, seed));
        (cloning.ActionSpace, copying.ActionSpace) = (NarrowLog.Actions, NarrowLog.Actions);
        using var clone = _rl.Offline.BehaviorCloning(cloning).Fit(log);
        using var policy = _rl.Offline.Iql(copying).Fit(log);
        return (NarrowLog.Reward(policy), NarrowLog.Reward(clone));
    });

    [Test]
    public void MOReL_is_better_than_a_weak_controller() => AssertGains("MOReL", seed => AgainstClone(
        seed, _rl.Offline.Morel(Imagining(new MorelTrainer.Options(), seed), NarrowLog.Dynamics(_rl), NarrowLog.Policy(_rl, discount: 0.9))));

    [Test]
    public void MOBILE_is_better_than_a_weak_controller() => AssertGains("MOBILE", seed => AgainstClone(
        seed, _rl.Offline.Mobile(Imagining(new MobileTrainer.Options(), seed), NarrowLog.Dynamics(_rl), NarrowLog.Policy(_rl, discount: 0.9))));

    // Both begin in the same states.
    private (double Policy, double Clone) AgainstClone(int seed, IOfflineTrainer trainer)
    {
        var cloning = Small(new BehaviorCloningTrainer.Options(), seed);
        cloning.ActionSpace = LineLog.Actions;
        using var clone = _rl.Offline.BehaviorCloning(cloning).Fit(_weak.Value);
        using var policy = trainer.Train(_weak.Value).Policy;
        return (LineLog.Return(policy), LineLog.Return(clone));
    }

    private static void AssertGains(string name, Func<int, (double Policy, double Clone)> earn)
    {
        (double Policy, double Clone)[] earned = [.. AllSeeds.Select(earn)];
        double[] gains = [.. earned.Select(one => one.Policy - one.Clone)];
        var mean = gains.Average();
        var error = Math.Sqrt(gains.Sum(gain => (gain - mean) * (gain - mean)) / (gains.Length - 1) / gains.Length);
        TestContext.Out.WriteLine(
            Invariant($"{name} gains {mean:F2}, standard error {error:F2}: ") +
                string.Join(", ", earned.Select(one => Invariant($"{one.Policy:F2} against {one.Clone:F2}"))));
        Assert.That(mean / error, Is.GreaterThan(Quantile));
    }

    private static T Small<T>(T options, int seed)
        where T : ModelFreeOptions
    {
        (options.Updates, options.EpochLength, options.BatchSize, options.Seed) = (1200, 400, 64, seed);
        (options.HiddenSizes, options.LearningRate) = ([32, 32], 2e-3);
        return options;
    }

    private static T Imagining<T>(T options, int seed)
        where T : ImaginingOptions
    {
        (options.Updates, options.EpochLength, options.BatchSize, options.Seed) = (2000, 400, 64, seed);
        (options.RolloutLength, options.RolloutBatchSize, options.RolloutInterval) = (3, 500, 200);
        (options.ActionSpace, options.Termination) = (LineLog.Actions, LineLog.Termination);
        return options;
    }
}
