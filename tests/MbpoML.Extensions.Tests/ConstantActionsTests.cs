using MbpoML.Algorithms.Pets;
using MbpoML.Imagination;
using Microsoft.ML;

namespace MbpoML.Extensions.Tests;

/// <summary>An optimizer of action sequences from outside plans as those of MbpoML do.</summary>
public class ConstantActionsTests
{
    [Test]
    public void It_plans_in_an_environment_and_within_pets()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        var rail = new Rail();
        using var planner = rl.Policies.Planner(new ImaginedEnvironment(rail), rail.ActionSpace, new ConstantActions(11), new() { Horizon = 3 });
        // From 1 the way to the middle costs 0.7 + 0.4 + 0.1 at the least; random actions stay where they are, or worse.
        Assert.That(rl.Evaluate(planner, rail, episodes: 5, seed: 3).MinimumReturn, Is.GreaterThan(-3));
        var options = new PetsTrainer.Options { Steps = 60, InitialExplorationSteps = 30, EpochLength = 10, Seed = 1 };
        using var policy = rl.Pets(rail, options, optimizer: new ConstantActions(5), planner: new() { Horizon = 3 }).Fit();
        Assert.That(policy.IsNetwork, Is.False);
    }
}
