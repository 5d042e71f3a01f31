using MbpoML.Algorithms.Offline.Choosing;

namespace MbpoML.Offline.Tests.Choosing;

public class BanditTests
{
    // After one try each, the bounds of equal counts are ordered by the means; a candidate that is tried often loses its bonus. Other units of the returns,
    // and another zero, change nothing.
    [TestCase(1, 0)]
    [TestCase(50, -300)]
    [TestCase(0.01, 7)]
    public void The_bandit_takes_the_highest_upper_bound(double unit, double zero)
    {
        double Returns(double earned) => zero + (unit * earned);
        var bandit = new Bandit(2, exploration: 2);
        bandit.Add(bandit.Next(), Returns(0));
        bandit.Add(bandit.Next(), Returns(1));
        Assert.That(bandit.Next(), Is.EqualTo(1));
        bandit.Add(1, Returns(1));
        // 0 + √(2 ln 3 / 1) = 1.48 against 1 + √(2 ln 3 / 2) = 2.05.
        Assert.That(bandit.Next(), Is.EqualTo(1));
        for (var tries = 0; tries < 4; tries++) bandit.Add(1, Returns(1));
        // 0 + √(2 ln 7) = 1.97 against 1 + √(2 ln 7 / 6) = 1.81.
        Assert.That(bandit.Next(), Is.Zero);
    }

    // 0 + √(α ln 3) against 1 + √(α ln 3 / 2): the bonus is the larger one for α above 10.61.
    [TestCase(10, 1)]
    [TestCase(11, 0)]
    public void More_exploration_tries_the_worse_one_sooner(double exploration, int next)
    {
        var bandit = new Bandit(2, exploration);
        bandit.Add(0, 0);
        bandit.Add(1, 1);
        bandit.Add(1, 1);
        Assert.That(bandit.Next(), Is.EqualTo(next));
    }

    [Test]
    public void One_that_was_never_tried_comes_before_better_ones()
    {
        var bandit = new Bandit(2, exploration: 2);
        bandit.Add(1, 5);
        bandit.Add(1, 5);
        Assert.That(bandit.Next(), Is.Zero);
    }

    [Test]
    public void Each_is_tried_once_before_any_is_tried_again()
    {
        var bandit = new Bandit(3, exploration: 2);
        for (var candidate = 0; candidate < 3; candidate++)
        {
            Assert.That(bandit.Next(), Is.EqualTo(candidate));
            bandit.Add(candidate, -candidate);
        }

        Assert.That(bandit.Counts, Is.EqualTo(new[] { 1, 1, 1 }));
    }

    [Test]
    public void The_best_has_the_highest_mean_and_an_untried_one_has_none()
    {
        var bandit = new Bandit(3, exploration: 2);
        bandit.Add(0, 4);
        bandit.Add(2, 2);
        bandit.Add(2, 7);
        Assert.Multiple(() =>
        {
            Assert.That(bandit.Means, Is.EqualTo(new[] { 4, double.NegativeInfinity, 4.5 }));
            Assert.That(bandit.Best, Is.EqualTo(2));
            Assert.That(bandit.Counts, Is.EqualTo(new[] { 1, 0, 2 }));
        });
    }
}
