using MbpoML.Algorithms.Mbpo;
using MbpoML.Imagination;
using MbpoML.Training.Schedules;

namespace MbpoML.Tests.Training.Schedules;

/// <content>The times of refits and of rollouts that follow from a schedule.</content>
public partial class ModelTrainingScheduleTests
{
    [Test]
    public void Without_a_schedule_and_with_a_constant_one_of_the_same_interval_every_time_is_a_refit()
    {
        var expected = new[] { 5000, 5250, 5500, 5750, 6000 };
        Assert.That(Refits(null, 5000, 6001), Is.EqualTo(expected));
        Assert.That(Refits(ModelTrainingSchedule.Constant(250), 5000, 6001), Is.EqualTo(expected));
        Assert.That(Branchings(ModelTrainingSchedule.Constant(500), 5000, 6001), Is.EqualTo(expected), "rollouts keep their pace");
        Assert.That(Refits(ModelTrainingSchedule.Constant(500), 5000, 6001), Is.EqualTo(new[] { 5000, 5500, 6000 }));
    }

    [Test]
    public void An_interval_between_two_branchings_lasts_until_the_next_one() =>
        Assert.That(Refits(ModelTrainingSchedule.Constant(251), 5000, 6001), Is.EqualTo(new[] { 5000, 5500, 6000 }));

    [Test]
    public void Refits_become_rare_and_stay_bounded()
    {
        var growing = Refits(ModelTrainingSchedule.Growing(250, 2000), 5000, 125_000);
        var gaps = growing.Zip(growing.Skip(1), (before, after) => after - before).ToArray();
        Assert.That(gaps, Is.Ordered);
        Assert.That((gaps[0], gaps[^1]), Is.EqualTo((250, 2000)));
        Assert.That(growing, Has.Length.LessThan(100), "480 in the paper");
    }

    [Test]
    public void Logged_transitions_count_as_data()
    {
        var options = new MbpoTrainer.Options { ModelTrainingSchedule = ModelTrainingSchedule.Growing(250, 2000, dataGrowth: 0.25) };
        var times = new ModelTrainingTimes(Settings(options), needsModel: true, firstStep: 0, loggedTransitions: 1000);
        Assert.That(Enumerable.Range(0, 4001).Where(times.IsRefit), Is.EqualTo(new[] { 0, 250, 750, 1250, 2000, 2750, 3750 }));
    }

    [Test]
    public void The_times_are_the_same_wherever_a_run_begins()
    {
        var schedule = ModelTrainingSchedule.Growing(250, 2000);
        var late = Times(schedule, 5000);
        Assert.That(Enumerable.Range(9000, 20_000).Where(late.IsRefit), Is.EqualTo(Refits(schedule, 5000, 29_000).Where(step => step >= 9000)));
    }

    [Test]
    public void An_interval_as_long_as_a_number_can_be_means_never_again() =>
        Assert.That(Refits(ModelTrainingSchedule.Constant(int.MaxValue), 5000, 9000), Is.EqualTo(new[] { 5000 }));

    [Test]
    public void Without_a_model_nothing_is_branched()
    {
        var times = new ModelTrainingTimes(Settings(new MbpoTrainer.Options()), needsModel: false, firstStep: 0, loggedTransitions: 0);
        Assert.That(Enumerable.Range(0, 1001).Where(times.IsBranching), Is.Empty);
    }

    [Test]
    public void An_interval_of_nothing_is_refused()
    {
        var times = Times(new Never(), 100);
        Assert.That(times.IsRefit(100), Is.True);
        Assert.That(() => times.IsRefit(101),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("interval of the model-training schedule must be at least 1"));
    }

    private static ModelTrainingTimes Times(IModelTrainingSchedule? schedule, int first) =>
        new(Settings(new MbpoTrainer.Options { ModelTrainingSchedule = schedule }), needsModel: true, first, 0);

    private static MbpoSettings Settings(MbpoTrainer.Options options) => options.ToMbpoSettings(new BranchedRollouts.Options(), isSaved: false);

    private static int[] Refits(IModelTrainingSchedule? schedule, int first, int end) =>
        [.. Enumerable.Range(first, end - first).Where(Times(schedule, first).IsRefit)];

    private static int[] Branchings(IModelTrainingSchedule? schedule, int first, int end) =>
        [.. Enumerable.Range(first, end - first).Where(Times(schedule, first).IsBranching)];

    private sealed class Never : IModelTrainingSchedule
    {
        public int GetInterval(ModelTrainingScheduleContext context) => 0;
    }
}
