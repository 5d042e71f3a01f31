using MbpoML.Algorithms.Offline;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Data;
using Microsoft.ML;

namespace MbpoML.Offline.Tests.Verdicts;

/// <summary>Windows of a log: where whole horizons were logged, and what was earned there.</summary>
public class LogWindowsTests
{
    private OfflineLog _log = null!;

    // Two episodes: four steps that the clock cut, and three after which the task ended.
    [OneTimeSetUp]
    public void Record()
    {
        Transition Row(int from, double reward, bool terminated = false, bool truncated = false) => new()
        {
            Observation = [from],
            Action = [from % 2 == 0 ? -1 : 1],
            Reward = (float)reward,
            NextObservation = [from + 1],
            Terminated = terminated,
            Truncated = truncated,
        };
        _log = OfflineLog.Read(
            new MLContext(1).Reinforcement().Data.FromTransitions(
                [Row(0, 1), Row(1, 2), Row(2, 3), Row(3, 4, truncated: true), Row(10, 5), Row(11, 6), Row(12, 7, terminated: true)]),
            TransitionColumns.Default, null, null);
    }

    [OneTimeTearDown]
    public void Free() => _log.Dispose();

    [Test]
    public void A_window_is_whole_or_ends_with_the_task()
    {
        var windows = new LogWindows(_log, horizon: 3);
        Assert.That(Enumerable.Range(0, 7).Select(row => windows.Length(row)), Is.EqualTo(new[] { 3, 3, 0, 0, 3, 2, 1 }));
    }

    [Test]
    public void Returns_are_sums_of_the_rewards_in_it()
    {
        var windows = new LogWindows(_log, horizon: 3);
        Assert.Multiple(() =>
        {
            Assert.That(windows.Return(1), Is.EqualTo(2 + 3 + 4));
            Assert.That(windows.Return(5, discount: 0.5), Is.EqualTo(6 + 3.5));
            Assert.That((windows.Ends(1), windows.Ends(5)), Is.EqualTo((false, true)));
        });
    }

    [Test]
    public void The_median_length_is_the_horizon() =>
        Assert.That((new LogWindows(_log, null).Horizon, new LogWindows(_log, null).EpisodeCount), Is.EqualTo((4, 2)));

    [Test]
    public void Few_beginnings_are_not_enough_to_start_from()
    {
        var windows = new LogWindows(_log, horizon: 3);
        long[] all = [0, 1, 2, 3, 4, 5, 6];
        Assert.Multiple(() =>
        {
            Assert.That(windows.Starts(all, most: 100, enough: 2), Is.EqualTo(new long[] { 0, 4 }));
            Assert.That(windows.Starts(all, most: 100, enough: 3), Is.EqualTo(new long[] { 0, 1, 4, 5, 6 }));
            Assert.That(windows.Starts(all, most: 2, enough: 3), Is.EqualTo(new long[] { 0, 4 }), "evenly along the log");
        });
    }

    [Test]
    public void A_horizon_beyond_all_episodes_is_an_error() =>
        Assert.That(
            () => new LogWindows(_log, horizon: 50).Starts([0, 1, 2, 3], 10, 1), Throws.ArgumentException.With.Message.Contains("50 steps in a row"));
}
