using MbpoML.Algorithms.Offline.Choosing;

namespace MbpoML.Offline.Tests.Choosing;

public class BanditTests
{
    // After one try each, the bounds of equal counts are ordered by the means; a candidate that is tried often loses its bonus.
    [Test]
    public void The_bandit_takes_the_highest_upper_bound()
    {
        var bandit = new Bandit(2, exploration: 2);
        bandit.Add(bandit.Next(), 0);
        bandit.Add(bandit.Next(), 1);
        Assert.That(bandit.Next(), Is.EqualTo(1));
        bandit.Add(1, 1);
        // 0 + √(2 ln 3 / 1) = 1.48 against 1 + √(2 ln 3 / 2) = 2.05.
        Assert.That(bandit.Next(), Is.EqualTo(1));
        for (var tries = 0; tries < 4; tries++) bandit.Add(1, 1);
        // 0 + √(2 ln 7) = 1.97 against 1 + √(2 ln 7 / 6) = 1.81.
        Assert.That(bandit.Next(), Is.Zero);
    }
}
