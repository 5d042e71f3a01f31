namespace MbpoML.Datasets.Tests;

public class LogDescriptionTests
{
    [Test]
    public void Names_and_numbers_tell_what_a_column_may_be()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["log.csv"], """
            experiment,second,heater_1,TankLevelSP,temperature_1,alarm,reward
            a,0,1,50,20,0,1
            a,1,2,50,21,0,2
            a,5,3,50,22,0,3
            b,0,1,55,20,0,4
            b,1,2,55,,0,5
            """);
        var found = LogDescription.Of(LogFile.Open(folder["log.csv"]));
        Assert.Multiple(() =>
        {
            Assert.That((found.Time, found.Episode, found.Reward), Is.EqualTo(("second", "experiment", "reward")));
            Assert.That(found.Act, Is.EqualTo(new[] { "heater_1" }));
            Assert.That(found.SetPoints, Is.EqualTo(new[] { "TankLevelSP" }));
            Assert.That(found.Observe, Is.EqualTo(new[] { "temperature_1" }));
            Assert.That((found.SamplingTime, found.Gaps, found.LongestGap), Is.EqualTo((1.0, 1, 4.0)));
            Assert.That((found.EpisodeCount, found.EpisodeRows), Is.EqualTo((2, (2, 3))));
            Assert.That(found.Returns, Is.EqualTo((7.5, 6.0, 9.0)));
            Assert.That(found.Columns.Single(column => column.Name == "temperature_1").Missing, Is.EqualTo(1));
            Assert.That(found.Columns.Where(column => column.IsConstant).Select(column => column.Name), Is.EqualTo(new[] { "alarm" }));
        });
    }

    [Test]
    public void Equal_and_backward_times_are_counted()
    {
        var found = LogDescription.Of(Log.Ramp(6, [0, 1, 1, 3, 2, 3]), time: "time");
        Assert.That((found.EqualTimes, found.BackwardTimes), Is.EqualTo((1, 1)));
    }

    [Test]
    public void Transitions_are_described_by_their_numbers()
    {
        var found = LogDescription.Of(Log.Transitions(3, 4));
        Assert.Multiple(() =>
        {
            Assert.That(found.HoldsTransitions, Is.True);
            Assert.That(found.Columns.Select(column => column.Name), Does.Contain("Observation[1]").And.Contain("Reward"));
            Assert.That((found.Rows, found.EpisodeCount, found.EpisodeRows), Is.EqualTo((7, 2, (3, 4))));
            Assert.That(found.Returns, Is.Not.Null);
            Assert.That(found.Observe, Is.Empty);
        });
    }
}
