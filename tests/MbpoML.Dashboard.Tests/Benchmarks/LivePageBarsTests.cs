using MbpoML.Benchmarks.LivePage;

namespace MbpoML.Dashboard.Tests.Benchmarks;

/// <summary>When the benchmark of the live page fails.</summary>
public class LivePageBarsTests
{
    [Test]
    public void What_the_page_of_the_dashboard_tells_is_enough() => Assert.That(LivePageBars.Missed((50, 1000), [0.84, 0.87], [0.44, 0.56], 156), Is.Empty);

    // 190 MiB are 199 MB.
    [TestCase("Missed: the page took 1.01 s to open; at most 1 s are allowed.", 1.01, 2, 190)]
    [TestCase("Missed: a new epoch showed after 2.1 s; at most 2 s are allowed.", 1, 2.1, 190)]
    [TestCase("Missed: the server took 201 MB; at most 200 MB are allowed.", 1, 2, 191.5)]
    public void A_bar_that_is_missed_is_named(string sentence, double opening, double showing, double memory) =>
        Assert.That(LivePageBars.Missed((50, 1000), [0.5, opening, 0.6], [0.5, showing, 0.6], memory), Is.EqualTo(new[] { sentence }));

    [Test]
    public void More_runs_than_the_bars_are_for_may_take_longer() => Assert.That(LivePageBars.Missed((100, 1000), [3], [3], 500), Is.Empty);
}
