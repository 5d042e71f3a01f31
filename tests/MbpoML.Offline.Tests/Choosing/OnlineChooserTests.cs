using MbpoML.Acting;
using MbpoML.Algorithms.Offline.Choosing;
using Microsoft.ML;

namespace MbpoML.Offline.Tests.Choosing;

/// <summary>A few real episodes find the best candidate.</summary>
public class OnlineChooserTests
{
    private static readonly IPolicy[] Candidates = [LineLog.Linear(0), LineLog.Linear(-0.2), LineLog.Linear(-3), LineLog.Linear(0.1)];

    [Test]
    public void The_best_candidate_is_found_and_tried_most()
    {
        var choice = Choose(24);
        Assert.Multiple(() =>
        {
            Assert.That(choice.Best, Is.EqualTo(2));
            Assert.That(choice.Episodes[2], Is.EqualTo(choice.Episodes.Max()));
            Assert.That(choice.Episodes.Sum(), Is.EqualTo(24));
            Assert.That(choice.Steps, Has.Count.EqualTo(24));
            Assert.That(choice.Steps.Take(4).Select(step => step.Candidate), Is.EqualTo(new[] { 0, 1, 2, 3 }), "each is tried once");
            Assert.That(choice.Means[2], Is.EqualTo(choice.Steps.Where(step => step.Candidate == 2).Average(step => step.Return)).Within(1e-9));
            Assert.That(choice.Steps[^1].BestMean, Is.EqualTo(choice.Means[2]));
        });
    }

    [Test]
    public void Equal_seeds_choose_alike()
    {
        var first = Choose(12).Steps;
        Assert.That(Choose(12).Steps, Is.EqualTo(first));
    }

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

    private static OnlineChoice Choose(int episodes)
    {
        using var environment = new LineEnvironment();
        return new MLContext(1).Reinforcement().Offline.ChooseOnline(Candidates, environment, episodes, seed: 3);
    }
}
