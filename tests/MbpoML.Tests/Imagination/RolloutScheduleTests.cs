using MbpoML.Imagination;

namespace MbpoML.Tests.Imagination;

public class RolloutScheduleTests
{
    // Values of the official rule int(min(max(k0 + (epoch - e0) / (e1 - e0) * (k1 - k0), k0), k1)) for Hopper's [20, 150, 1, 15].
    [TestCase(0, 1)]
    [TestCase(20, 1)]
    [TestCase(29, 1)]
    [TestCase(30, 2)]
    [TestCase(85, 8)]
    [TestCase(149, 14)]
    [TestCase(150, 15)]
    [TestCase(1000, 15)]
    public void Linear_follows_the_official_hopper_schedule(int epoch, int length) =>
        Assert.That(RolloutSchedule.Linear(20, 150, 1, 15).GetLength(new RolloutScheduleContext(epoch, 0)), Is.EqualTo(length));

    [Test]
    public void Linear_may_shrink()
    {
        var schedule = RolloutSchedule.Linear(0, 10, 5, 1);
        Assert.That(Enumerable.Range(0, 12).Select(epoch => schedule.GetLength(new RolloutScheduleContext(epoch, 0))),
            Is.EqualTo([5, 4, 4, 3, 3, 3, 2, 2, 1, 1, 1, 1]));
    }

    [Test]
    public void Constant_is_constant([Values(0, 7, 10_000)] int epoch) =>
        Assert.That(RolloutSchedule.Constant(3).GetLength(new RolloutScheduleContext(epoch, 5)), Is.EqualTo(3));

    [TestCase(-1, 5, 1, 1, "firstEpoch")]
    [TestCase(5, 5, 1, 1, "lastEpoch")]
    [TestCase(0, 5, 0, 1, "firstLength")]
    [TestCase(0, 5, 1, 0, "lastLength")]
    public void Linear_refuses_what_is_no_schedule(int e0, int e1, int k0, int k1, string argument) =>
        Assert.That(() => RolloutSchedule.Linear(e0, e1, k0, k1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(argument));

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
