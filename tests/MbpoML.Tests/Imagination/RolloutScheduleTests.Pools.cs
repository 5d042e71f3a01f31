using MbpoML.Imagination;

namespace MbpoML.Tests.Imagination;

/// <content>The sizes of pools that follow from a length.</content>
public partial class RolloutScheduleTests
{
    // Official _reallocate_model_pool: Hopper k = 1 and 15, Ant k = 25, Humanoid (one refit an epoch, kept for five) k = 25.
    [TestCase(1, 1, 1000, 250, 400_000)]
    [TestCase(15, 1, 1000, 250, 6_000_000)]
    [TestCase(25, 1, 1000, 250, 10_000_000)]
    [TestCase(25, 5, 1000, 1000, 12_500_000)]
    public void Model_pool_is_as_large_as_the_official_one(int length, int retain, int epochLength, int interval, long capacity) =>
        Assert.That(new BranchedRollouts.Options { RetainEpochs = retain }.PoolCapacity(length, epochLength, interval), Is.EqualTo(capacity));

    // Rollouts begun, and the pool of four refits, for a limit of 1000 transitions: 200 rollouts as long as they fit, then as many as fit, then one.
    [TestCase(1, 200, 800)]
    [TestCase(5, 200, 4000)]
    [TestCase(6, 166, 3984)]
    [TestCase(15, 66, 3960)]
    [TestCase(1000, 1, 4000)]
    [TestCase(2000, 1, 8000)]
    public void With_a_limit_of_transitions_long_rollouts_are_fewer(int length, int starts, long capacity)
    {
        var rollouts = new BranchedRollouts.Options { BatchSize = 200, MaxTransitions = 1000 };
        Assert.That((rollouts.Starts(length), rollouts.PoolCapacity(length, 1000, 250)), Is.EqualTo((starts, capacity)));
    }
}
