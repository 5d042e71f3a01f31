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

    private static OnlineChoice Choose(int episodes)
    {
        using var environment = new LineEnvironment();
        return new MLContext(1).Reinforcement().Offline.ChooseOnline(Candidates, environment, episodes, seed: 3);
    }
}
