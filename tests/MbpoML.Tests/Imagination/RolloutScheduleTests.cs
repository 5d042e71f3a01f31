using MbpoML.Imagination;

namespace MbpoML.Tests.Imagination;

public partial class RolloutScheduleTests
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

    // An error of half the shift is worth 69 steps at a discount of 0.99; see OptimalRolloutLengthTests.
    [TestCase(100, 1, 0.05, 69)]
    [TestCase(25, 1, 0.05, 25)]
    [TestCase(25, 3, 0.097, 4)]
    [TestCase(25, 5, 0.097, 5)]
    [TestCase(25, 2, 0.1, 2)]
    [TestCase(4, 4, 0.05, 4)]
    public void What_the_bound_recommends_lies_between_the_shortest_and_the_longest(int longest, int shortest, double error, int length)
    {
        var schedule = RolloutSchedule.BoundRecommended(longest, shortest);
        Assert.Multiple(() =>
        {
            Assert.That(schedule.GetLength(new RolloutScheduleContext(3, 0, new ModelTrust(error, 0.1, 0.01, 1))), Is.EqualTo(length));
            Assert.That(schedule.GetLength(new RolloutScheduleContext(3, 0)), Is.EqualTo(shortest), "nothing was measured yet");
            Assert.That(schedule.NeedsTrust);
        });
    }

    [Test]
    public void At_a_discount_of_zero_the_bound_recommends_one_step() => Assert.That(
        RolloutSchedule.BoundRecommended(25, 1, 0).GetLength(new RolloutScheduleContext(0, 0, new ModelTrust(0.01, 0.1, 0.01, 1))), Is.EqualTo(1));

    [TestCase(5, 0, 0.9, "shortest")]
    [TestCase(3, 4, 0.9, "longest")]
    [TestCase(5, 1, 1, "discount")]
    [TestCase(5, 1, -0.1, "discount")]
    [TestCase(5, 1, double.NaN, "discount")]
    public void A_bound_refuses_what_is_no_length_and_no_discount(int longest, int shortest, double discount, string argument) =>
        Assert.That(() => RolloutSchedule.BoundRecommended(longest, shortest, discount),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(argument));

    [Test]
    public void Schedules_say_how_they_are_made() => Assert.Multiple(() =>
    {
        Assert.That(RolloutSchedule.BoundRecommended(30, 2, 0.95).ToString(), Is.EqualTo("BoundRecommended(30, 2, 0.95)"));
        Assert.That(RolloutSchedule.Linear(20, 150, 1, 15).ToString(), Is.EqualTo("Linear(20, 150, 1, 15)"));
        Assert.That(RolloutSchedule.Constant(3).ToString(), Is.EqualTo("Constant(3)"));
    });
}
