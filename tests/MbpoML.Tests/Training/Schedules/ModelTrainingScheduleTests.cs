using MbpoML.Training.Schedules;

namespace MbpoML.Tests.Training.Schedules;

public partial class ModelTrainingScheduleTests
{
    [TestCase(1000, 250)]
    [TestCase(5000, 250)]
    [TestCase(7499, 374)]
    [TestCase(10_000, 500)]
    [TestCase(30_000, 1500)]
    [TestCase(40_000, 2000)]
    [TestCase(125_000, 2000)]
    public void A_growing_interval_is_in_proportion_to_the_data_up_to_its_longest(int transitions, int interval) => Assert.That(
        ModelTrainingSchedule.Growing(250, 2000).GetInterval(new ModelTrainingScheduleContext(transitions, transitions)), Is.EqualTo(interval));

    [Test]
    public void Schedules_say_how_they_are_made() => Assert.Multiple(() =>
    {
        Assert.That(ModelTrainingSchedule.Constant(250).ToString(), Is.EqualTo("Constant(250)"));
        Assert.That(ModelTrainingSchedule.Growing(250, 2000).ToString(), Is.EqualTo("Growing(250, 2000, 0.05)"));
    });

    [Test]
    public void Intervals_and_growths_that_are_none_are_refused()
    {
        Assert.That(() => ModelTrainingSchedule.Constant(0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("interval"));
        Assert.That(() => ModelTrainingSchedule.Growing(0, 5),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("shortestInterval"));
        Assert.That(() => ModelTrainingSchedule.Growing(6, 5),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("longestInterval"));
        Assert.That(() => ModelTrainingSchedule.Growing(5, 6, 0),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("dataGrowth"));
    }
}
